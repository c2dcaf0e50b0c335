// 统一身份认证: sign-in by OpenID Connect (authorization code with PKCE, state and nonce). The provider's word about a person's identity number or a firm's code
// leads to the record in our registers; nothing else of its answer is kept. What must survive the round trip stands sealed in a cookie of ten minutes.
import * as oidc from 'openid-client';
import { isCitizenId, isUscc, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Db } from '../db/handle.ts';
import { findSubjects } from '../record/view-store.ts';
import { vaultOf } from '../vault/hold.ts';
import { type Acting, type Arrival, allPowers } from '../visitor/visitor.ts';

export interface IdentitySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims in which the provider tells the identity number, the name, and for a firm its code and the person's part in it (`legal` or other). */
  readonly claims: { readonly number: string; readonly name: string; readonly code: string; readonly part: string };
}

export interface Identity {
  /** Where to send the browser, and the cookie that proves the answer was asked for. */
  begin(back: string, next: string): Promise<{ readonly url: string; readonly state: string }>;
  /** Checks the provider's answer; throws `auth.identity`. */
  finish(url: URL, state: string): Promise<{ readonly arrival: Omit<Arrival, 'now'>; readonly next: string }>;
}

interface RoundTrip {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly back: string;
  readonly next: string;
  readonly until: number;
}

const place = ['cookie', 'oidc'] as const;
const refused = (hint: string): never => fail('auth.identity', '', '统一身份认证没有完成。', hint);

const personOf = async (db: Db, number: string) => {
  const [found] = await findSubjects(db, { scope: everything, key: number, limit: 1 });
  return found?.register === 'citizen' ? found : null;
};

/** Whom the provider vouches for, in our registers; a firm stands before the person who came for it. */
const arrivalOf = async (db: Db, settings: IdentitySettings, claims: Readonly<Record<string, unknown>>): Promise<Omit<Arrival, 'now'>> => {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '');
  const number = plainCode(text(settings.claims.number));
  const code = plainCode(text(settings.claims.code));
  if (!isCitizenId(number) && !isUscc(code)) return refused('认证平台没有给出身份证号码或统一社会信用代码，请联系平台核对您的实名信息。');
  const person = isCitizenId(number) ? await personOf(db, number) : null;
  const name = text(settings.claims.name).slice(0, 80) || person?.name || null;
  const who = { way: 'oidc', personId: person?.subjectId ?? null, personName: name } as const;
  if (isUscc(code)) {
    const [firm] = await findSubjects(db, { scope: everything, key: code, limit: 1 });
    if (firm?.register !== 'enterprise') return refused('部门报送的名册里没有这个单位。信息有误请到登记机关核对。');
    const as = text(settings.claims.part) === 'legal' ? 'legal' : 'handler';
    const powers = as === 'legal' ? allPowers : allPowers.filter((one) => one !== 'mandate' && one !== 'account');
    return { ...who, acting: { register: firm.register, subjectId: firm.subjectId, as, powers } };
  }
  const own: Acting | null =
    person === null ? null : { register: person.register, subjectId: person.subjectId, as: 'own', powers: allPowers };
  return { ...who, acting: own };
};

export const openIdentity = (db: Db, settings: IdentitySettings, now: () => Date): Identity => {
  let known: Promise<oidc.Configuration> | null = null;
  const provider = (): Promise<oidc.Configuration> => {
    const issuer = new URL(settings.issuer);
    // http only towards this machine: a test's provider, or one behind a local gateway.
    const local = issuer.protocol === 'http:' && ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(issuer.hostname);
    known ??= oidc
      .discovery(issuer, settings.clientId, settings.clientSecret, undefined, local ? { execute: [oidc.allowInsecureRequests] } : {})
      .catch((error: unknown) => {
        // Asked again at the next sign-in: a provider that is down for a minute is not down for good.
        known = null;
        throw error;
      });
    return known;
  };
  return {
    begin: async (back, next) => {
      const config = await provider().catch(() => refused('认证平台暂时连不上，请过几分钟再试，或使用告知里的链接。'));
      const trip: RoundTrip = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        back,
        next,
        until: now().getTime() + 600_000,
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: back,
        scope: 'openid profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(trip.verifier),
        code_challenge_method: 'S256',
        state: trip.state,
        nonce: trip.nonce,
      });
      return { url: url.href, state: Buffer.from(vaultOf(db).seal(Buffer.from(JSON.stringify(trip)), place)).toString('base64url') };
    },
    finish: async (url, sealed) => {
      const again = '请重新点“统一身份认证登录”。';
      let trip: RoundTrip;
      try {
        trip = JSON.parse(Buffer.from(vaultOf(db).open(Buffer.from(sealed, 'base64url'), place)).toString('utf8')) as RoundTrip;
      } catch {
        return refused(again);
      }
      if (trip.until < now().getTime()) return refused(`停留得太久了。${again}`);
      const config = await provider().catch(() => refused('认证平台暂时连不上，请过几分钟再试。'));
      // Behind a proxy the request's own address is not the one the provider was told.
      const asked = new URL(trip.back);
      asked.search = url.search;
      const claims = await oidc
        .authorizationCodeGrant(config, asked, {
          pkceCodeVerifier: trip.verifier,
          expectedState: trip.state,
          expectedNonce: trip.nonce,
          idTokenExpected: true,
        })
        .then(async (tokens) => {
          const told = tokens.claims() as (Record<string, unknown> & { sub: string }) | undefined;
          if (told === undefined) return refused(again);
          // Most providers keep the number out of the token and tell it on request.
          const more =
            config.serverMetadata().userinfo_endpoint === undefined ? {} : await oidc.fetchUserInfo(config, tokens.access_token, told.sub);
          return { ...told, ...more };
        })
        .catch(() => refused(again));
      return { arrival: await arrivalOf(db, settings, claims), next: trip.next };
    },
  };
};
