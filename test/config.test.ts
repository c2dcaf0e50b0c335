// Settings: every problem at once, never a value in a message.
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProblemError } from '../src/base/problem.ts';
import { authSecret, readConfig } from '../src/config.ts';

const problemsOf = (environment: Record<string, string>): readonly { at: string; message: string; hint: string }[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as ProblemError).problems;
  }
};

describe('settings', () => {
  test('have defaults for everything', () => {
    const config = readConfig({ PORT: '', DATABASE_URL: ' ' });
    expect(config).toMatchObject({ databaseUrl: null, host: '127.0.0.1', port: 3000, smtpUrl: null, logLevel: 'info' });
    expect(path.basename(config.dataDir)).toBe('data');
  });

  test('are all reported at once, without their values', () => {
    const problems = problemsOf({
      DATABASE_URL: 'mysql://u:geheim@h/x',
      SMTP_URL: 'nonsense-geheim',
      PORT: '70000',
      BASE_URL: 'ftp://geheim',
      BETTER_AUTH_SECRET: 'geheim',
      LOG_LEVEL: 'geheim',
      HOST: 'a b',
    });
    expect(problems.map((p) => p.at).sort()).toEqual([
      'BASE_URL',
      'BETTER_AUTH_SECRET',
      'DATABASE_URL',
      'HOST',
      'LOG_LEVEL',
      'MAIL_FROM',
      'PORT',
      'SMTP_URL',
    ]);
    expect(JSON.stringify(problems)).not.toContain('geheim');
    for (const p of problems) {
      expect(p.message).toMatch(/[一-龥]/);
      expect(p.hint).toMatch(/[一-龥]/);
    }
  });

  test('refuse a sender that could smuggle a header', () => {
    expect(problemsOf({ MAIL_FROM: 'a@b.cn\r\nBcc: c@d.cn' })).toHaveLength(1);
    expect(problemsOf({ MAIL_FROM: '民政局 <notice@example.gov.cn>' })).toHaveLength(0);
  });

  test('want the owner beside the program login', () => {
    expect(problemsOf({ DATABASE_APP_URL: 'postgres://u:p@h/x' }).map((p) => p.at)).toEqual(['DATABASE_APP_URL']);
  });

  test('make the session secret once, for its owner only', () => {
    const config = readConfig({ ZHIXIANG_DATA: path.join(mkdtempSync(path.join(tmpdir(), 'zhixiang-config-')), 'data') });
    const secret = authSecret(config);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(authSecret(config)).toBe(secret);
    expect(statSync(path.join(config.dataDir, 'auth-secret')).mode & 0o777).toBe(0o600);
  });
});
