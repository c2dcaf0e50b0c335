// The staff's server-rendered pages, until the console replaces them one by one.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { accountPages } from './accounts.ts';
import { attestationPages } from './attestations.ts';
import { certificationPages } from './certifications.ts';
import { dataPages } from './data.ts';
import { disbursementPages } from './disbursements.ts';
import { heldPages } from './held.ts';
import { homePage } from './home.ts';
import { itemPages } from './items.ts';
import { matchPages } from './matches.ts';
import { namePages } from './names.ts';
import { noticeDeskPages } from './notice-desk.ts';
import { noticeTextPages } from './notice-texts.ts';
import { noticePages } from './notices.ts';
import { objectionPages } from './objections.ts';
import { peoplePages } from './people.ts';
import { qualityPages } from './quality.ts';
import { ratingPages } from './ratings.ts';
import { retentionPages } from './retention.ts';
import { runPages } from './runs.ts';
import { signInPages } from './sign-in.ts';
import { stopPages } from './stops.ts';
import { ticketPages } from './tickets.ts';
import { undeterminedPages } from './undetermined.ts';
import { wishPages } from './wishes.ts';

export const staffPages = (web: WebContext) =>
  new Hono<Env>()
    .route('/', signInPages(web))
    .route('/', homePage(web))
    .route('/', itemPages(web))
    .route('/', runPages(web))
    .route('/', matchPages(web))
    .route('/', undeterminedPages(web))
    .route('/', disbursementPages(web))
    .route('/', certificationPages(web))
    .route('/', stopPages(web))
    .route('/', objectionPages(web))
    .route('/', ratingPages(web))
    .route('/', noticePages(web))
    .route('/', noticeDeskPages(web))
    .route('/', noticeTextPages(web))
    .route('/', dataPages(web))
    .route('/', heldPages(web))
    .route('/', namePages(web))
    .route('/', qualityPages(web))
    .route('/', attestationPages(web))
    .route('/', ticketPages(web))
    .route('/', retentionPages(web))
    .route('/', peoplePages(web))
    .route('/', wishPages(web))
    .route('/', accountPages(web));
