// The portal for firms and residents: server-rendered, native forms, complete without script. Everything below /my belongs to one subject, the visit's.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { accountPages } from './account.ts';
import { actingPages } from './acting.ts';
import { answerPages } from './answer.ts';
import { appealPages } from './appeal.ts';
import { applyPages } from './apply.ts';
import { benefitPages } from './benefit.ts';
import { certifyPages } from './certify.ts';
import { choicePages } from './choices.ts';
import { decidePages } from './decide.ts';
import { homePages } from './home.ts';
import { humanPages } from './human.ts';
import { inboxPages } from './inbox.ts';
import { itemsPages } from './items.ts';
import { nearPages } from './near.ts';
import { paymentPages } from './payments.ts';
import { publicityPages } from './publicity.ts';
import { ratePages } from './rate.ts';
import { requestPages } from './requests.ts';
import { signInPages } from './sign-in.ts';
import { whetherPages } from './whether.ts';
import { whyPages } from './why.ts';
import { wishesPages } from './wishes.ts';
import { wrongPages } from './wrong.ts';

export const portalPages = (web: WebContext) =>
  new Hono<Env>()
    .route('/', homePages(web))
    .route('/', itemsPages(web))
    .route('/', signInPages(web))
    .route('/', actingPages(web))
    .route('/', benefitPages(web))
    .route('/', whyPages(web))
    .route('/', whetherPages(web))
    .route('/', choicePages(web))
    .route('/', decidePages(web))
    .route('/', accountPages(web))
    .route('/', appealPages(web))
    .route('/', inboxPages(web))
    .route('/', publicityPages(web))
    .route('/', humanPages(web))
    .route('/', requestPages(web))
    .route('/', paymentPages(web))
    .route('/', ratePages(web))
    .route('/', wrongPages(web))
    .route('/', nearPages(web))
    .route('/', certifyPages(web))
    .route('/', answerPages(web))
    .route('/', applyPages(web))
    .route('/', wishesPages(web));
