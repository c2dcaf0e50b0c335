// The JSON API, one chain so that `hc` clients are typed from it. Each file below owns one noun; amounts are text in 分.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { accountCheckApi, accountCheckingApi } from './account-checks.ts';
import { accountApi } from './accounts.ts';
import { attestationApi, attestingApi } from './attestations.ts';
import { auditApi } from './audit.ts';
import { sealingApi, signingApi } from './batch-acts.ts';
import { batchApi, batchInsideApi } from './batches.ts';
import { budgetApi } from './budgets.ts';
import { catalogueApi } from './catalogue.ts';
import { certificationApi } from './certifications.ts';
import { choicesApi } from './choices.ts';
import { dataRequestApi } from './data-requests.ts';
import { datasetApi, deliveryRowsApi } from './datasets.ts';
import { deliveryApi } from './deliveries.ts';
import { assigningApi, decidingApi, deskApi } from './desk.ts';
import { disbursementApi } from './disbursements.ts';
import { draftApi, versionWholeApi } from './drafts.ts';
import { factApi } from './facts.ts';
import { forecastApi } from './forecast.ts';
import { freezeApi } from './freezes.ts';
import { fundingApi, paymentRulesApi } from './funding.ts';
import { inboxApi } from './inbox.ts';
import { itemApi } from './items.ts';
import { actingApi, lifeApi } from './life.ts';
import { listFileApi, trailFileApi } from './list-files.ts';
import { matchApi, undeterminedApi } from './matches.ts';
import { monthApi } from './months.ts';
import { nameApi } from './names.ts';
import { noticeDeskApi } from './notice-desk.ts';
import { noticeTextApi } from './notice-texts.ts';
import { noticeApi } from './notices.ts';
import { channelApi, jobActingApi, jobApi } from './operations.ts';
import { personActingApi, personApi, replyApi } from './person.ts';
import { qualityApi } from './quality.ts';
import { ratingApi } from './ratings.ts';
import { readinessApi } from './readiness.ts';
import { reconcileApi } from './reconcile.ts';
import { remarkApi } from './remarks.ts';
import { replayApi, replaysApi } from './replays.ts';
import { reportApi } from './reports.ts';
import { reissueApi, resultApi } from './results.ts';
import { draftingApi, reopenApi, reviewApi, reviewingApi, versionApi } from './reviews.ts';
import { ruleLookApi, ruleNamesApi } from './rules.ts';
import { runApi } from './runs.ts';
import { bindingApi, sessionApi } from './session.ts';
import { stopApi } from './stops.ts';
import { subjectApi } from './subjects.ts';
import { ticketApi } from './tickets.ts';
import { unmaskApi } from './unmask.ts';
import { uploadApi, uploadSideApi } from './uploads.ts';
import { watchApi } from './watch.ts';
import { wishApi } from './wishes.ts';
import { workpaperApi } from './workpapers.ts';

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one line a noun, in one chain, or clients lose its types
export const api = (web: WebContext) =>
  new Hono<Env>()
    .route('/api', sessionApi(web))
    .route('/api', inboxApi(web))
    .route('/api', itemApi(web))
    .route('/api', reviewApi(web))
    .route('/api', draftingApi(web))
    .route('/api', reviewingApi(web))
    .route('/api', versionApi(web))
    .route('/api', reopenApi(web))
    .route('/api', bindingApi(web))
    .route('/api', draftApi(web))
    .route('/api', remarkApi(web))
    .route('/api', versionWholeApi(web))
    .route('/api', ruleNamesApi(web))
    .route('/api', ruleLookApi(web))
    .route('/api', forecastApi(web))
    .route('/api', runApi(web))
    .route('/api', readinessApi(web))
    .route('/api', watchApi(web))
    .route('/api', certificationApi(web))
    .route('/api', choicesApi(web))
    .route('/api', matchApi(web))
    .route('/api', undeterminedApi(web))
    .route('/api', noticeApi(web))
    .route('/api', noticeDeskApi(web))
    .route('/api', noticeTextApi(web))
    .route('/api', disbursementApi(web))
    .route('/api', lifeApi(web))
    .route('/api', actingApi(web))
    .route('/api', stopApi(web))
    .route('/api', deskApi(web))
    .route('/api', decidingApi(web))
    .route('/api', assigningApi(web))
    .route('/api', subjectApi(web))
    .route('/api', wishApi(web))
    .route('/api', personApi(web))
    .route('/api', replyApi(web))
    .route('/api', personActingApi(web))
    .route('/api', factApi(web))
    .route('/api', unmaskApi(web))
    .route('/api', datasetApi(web))
    .route('/api', catalogueApi(web))
    .route('/api', nameApi(web))
    .route('/api', dataRequestApi(web))
    .route('/api', qualityApi(web))
    .route('/api', attestationApi(web))
    .route('/api', attestingApi(web))
    .route('/api', ticketApi(web))
    .route('/api', ratingApi(web))
    .route('/api', reconcileApi(web))
    .route('/api', reportApi(web))
    .route('/api', replayApi(web))
    .route('/api', replaysApi(web))
    .route('/api', auditApi(web))
    .route('/api', listFileApi(web))
    .route('/api', trailFileApi(web))
    .route('/api', accountApi(web))
    .route('/api', workpaperApi(web))
    .route('/api', deliveryApi(web))
    .route('/api', deliveryRowsApi(web))
    .route('/api', fundingApi(web))
    .route('/api', paymentRulesApi(web))
    .route('/api', budgetApi(web))
    .route('/api', monthApi(web))
    .route('/api', batchApi(web))
    .route('/api', batchInsideApi(web))
    .route('/api', sealingApi(web))
    .route('/api', signingApi(web))
    .route('/api', resultApi(web))
    .route('/api', reissueApi(web))
    .route('/api', uploadApi(web))
    .route('/api', uploadSideApi(web))
    .route('/api', accountCheckApi(web))
    .route('/api', accountCheckingApi(web))
    .route('/api', jobApi(web))
    .route('/api', jobActingApi(web))
    .route('/api', channelApi(web))
    .route('/api', freezeApi(web));

/** What the console is typed by. */
export type Api = ReturnType<typeof api>;
