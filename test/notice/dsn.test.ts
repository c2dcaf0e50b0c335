// Returned mail read as three makers write it, and what is no report.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDsn, statusText } from '../../src/notice/dsn.ts';

const id = '0b6f3c52-1111-4222-8333-444455556666@mail.example.gov.cn';
const bytes = (text: string, ends = '\r\n') => Buffer.from(text.replaceAll('\n', ends), 'utf8');

const postfix = `Return-Path: <>
Date: Tue, 10 Nov 2026 10:00:05 +0800 (CST)
From: MAILER-DAEMON@mx.example.gov.cn (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: notice@mail.example.gov.cn
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
	boundary="4C1F2A0001.1762740005/mx.example.gov.cn"
Message-Id: <20261110020005.4C1F2A0002@mx.example.gov.cn>

This is a MIME-encapsulated message.

--4C1F2A0001.1762740005/mx.example.gov.cn
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<nobody@example.org>: host mail.example.org[203.0.113.5] said: 550 5.1.1
    User unknown (in reply to RCPT TO command)

--4C1F2A0001.1762740005/mx.example.gov.cn
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.gov.cn
X-Postfix-Queue-ID: 4C1F2A0001
Arrival-Date: Tue, 10 Nov 2026 10:00:00 +0800 (CST)

Final-Recipient: rfc822; nobody@example.org
Original-Recipient: rfc822;nobody@example.org
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--4C1F2A0001.1762740005/mx.example.gov.cn
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: =?UTF-8?B?5rWL6K+V?= <notice@mail.example.gov.cn>
To: nobody@example.org
Message-ID: <${id}>
Auto-Submitted: auto-generated

--4C1F2A0001.1762740005/mx.example.gov.cn--
`;

const exchange = `From: postmaster@example.org
To: notice@mail.example.gov.cn
Subject: =?utf-8?B?5pyq6YCB6L6+?=
MIME-Version: 1.0
Content-Type: multipart/report;
 report-type=delivery-status;
 boundary="c3f1d0aa-8e1e-4c6b-9d3a-000000000000"
X-MS-Exchange-Message-Is-Ndr:
Message-ID: <ffffffff-0000-4000-8000-000000000000@EX01.example.org>

--c3f1d0aa-8e1e-4c6b-9d3a-000000000000
Content-Type: multipart/alternative; differences=Content-Type;
 boundary="inner-1"

--inner-1
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

5oKo55qE6YKu5Lu25pyq6YCB6L6+44CC

--inner-1
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<p>Message-ID: &lt;wrong@example.org&gt;</p>

--inner-1--

--c3f1d0aa-8e1e-4c6b-9d3a-000000000000
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.example.org
Received-From-MTA: dns;mx.example.gov.cn

Original-Recipient: rfc822;full@example.org
Final-Recipient: rfc822;full@example.org
Action: Failed
Status: 5.2.2
Diagnostic-Code: smtp;554 5.2.2 mailbox full;
 STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded

--c3f1d0aa-8e1e-4c6b-9d3a-000000000000
Content-Type: message/rfc822

Received: from mx.example.gov.cn (203.0.113.7) by EX01.example.org
From: <notice@mail.example.gov.cn>
To: <full@example.org>
Message-ID:
 <${id}>
Content-Type: text/plain; charset=utf-8

Status: 2.0.0
Action: delivered
--c3f1d0aa-8e1e-4c6b-9d3a-000000000000--
`;

const coremail = `From - Tue Nov 10 10:00:00 2026
Received: from mail.example.net
From: Postmaster@example.net
To: notice@mail.example.gov.cn
Subject: =?GBK?B?z7XNs83L0MU=?=
MIME-Version: 1.0
Content-Type: Multipart/Report; Report-Type=Delivery-Status; Boundary=----=_Part_1_2
X-Coremail-Bounce: 1

------=_Part_1_2
Content-Type: text/html; charset=GBK
Content-Transfer-Encoding: base64

PGh0bWw+PC9odG1sPg==

------=_Part_1_2
Content-Type: Message/Delivery-Status
Content-Transfer-Encoding: base64

${Buffer.from('Reporting-MTA: dns; mail.example.net\r\n\r\nFinal-Recipient: rfc822; gone@example.net\r\nAction: failed\r\nStatus: 5.7.1 (refused)\r\n').toString('base64')}

------=_Part_1_2
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: quoted-printable

To: gone@example.net
Message-Id: <${id.replace('@', '=40')}>

------=_Part_1_2--
`;

const told = (action: string, status: string) =>
  postfix.replace('Action: failed', `Action: ${action}`).replace('Status: 5.1.1\n', `Status: ${status}\n`);

describe('returned mail', () => {
  it('is read as Postfix, Exchange and Coremail write it, whatever the line ends', () => {
    for (const ends of ['\r\n', '\n']) {
      expect(readDsn(bytes(postfix, ends))).toEqual({ messageId: id, kind: 'failed', status: '5.1.1' });
      expect(readDsn(bytes(exchange, ends))).toEqual({ messageId: id, kind: 'failed', status: '5.2.2' });
      expect(readDsn(bytes(coremail, ends))).toEqual({ messageId: id, kind: 'failed', status: '5.7.1' });
    }
  });

  it('tells what was given up from what arrived and from what is still being tried', () => {
    expect(readDsn(bytes(told('delayed', '4.4.1')))).toMatchObject({ kind: 'waiting' });
    expect(readDsn(bytes(told('relayed', '2.1.9')))).toMatchObject({ kind: 'waiting' });
    expect(readDsn(bytes(told('delivered', '2.1.5')))).toMatchObject({ kind: 'delivered' });
    // Given up after days of a passing trouble.
    expect(readDsn(bytes(told('failed', '4.4.7')))).toMatchObject({ kind: 'failed', status: '4.4.7' });
  });

  it('is none without a report, without its recipients, or without the mail it speaks of', () => {
    for (const text of [
      '',
      'From: a@b.cn\n\nI am on holiday.',
      postfix.replace('message/delivery-status', 'text/plain'),
      postfix.replace('text/rfc822-headers', 'text/plain'),
      postfix.replace(`Message-ID: <${id}>\n`, ''),
      postfix.slice(0, postfix.indexOf('Final-Recipient')),
      postfix.replace('multipart/report', 'text/plain'),
    ])
      expect(readDsn(bytes(text))).toBeNull();
  });

  it('reads any bytes without failing, and nested or endless parts in bounded time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(postfix.length), (noise, place) => {
        const mixed = Buffer.concat([bytes(postfix.slice(0, place)), noise, bytes(postfix.slice(place))]);
        const read = readDsn(mixed);
        expect(read === null || read.kind.length > 0).toBe(true);
      }),
      { seed: 7, numRuns: 300 },
    );
    const open = `Content-Type: multipart/mixed; boundary=b\n\n`;
    expect(readDsn(bytes(`${`${open}--b\n`.repeat(5_000)}`))).toBeNull();
    expect(readDsn(bytes(`${open}${'--b\n\n'.repeat(100_000)}`))).toBeNull();
    expect(readDsn(bytes(`Subject: ${' \n'.repeat(200_000)}`))).toBeNull();
  });

  it('is told to people in their words', () => {
    expect(['5.1.1', '5.2.2', '5.2.1', '4.4.7', '5.7.1', '5.0.0', ''].map(statusText)).toEqual([
      '邮箱地址不存在（5.1.1）',
      '邮箱已满（5.2.2）',
      '邮箱已停用（5.2.1）',
      '对方邮件服务器收不到（4.4.7）',
      '被对方拒收（5.7.1）',
      '退信（5.0.0）',
      '退信',
    ]);
  });
});
