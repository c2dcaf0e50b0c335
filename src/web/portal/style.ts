// The portal's style sheet: one column, system fonts, large amounts, print style (LOOK.md). Small enough that the first page stays under 30 KB.
import { createHash } from 'node:crypto';

export const portalStyle = `
:root{--text:#1b1b1b;--muted:#4d4d4d;--line:#c4c9d1;--soft:#f1f5fb;--back:#eef1f5;--primary:#0958d9;--success:#1a7f37;--warning:#7a5200;--danger:#b42318}
*{box-sizing:border-box}
html{font-size:18px;-webkit-text-size-adjust:100%}
html.large{font-size:24px}
body{margin:0;color:var(--text);background:var(--back);font-family:"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;line-height:1.6;overflow-wrap:anywhere}
a{color:var(--primary);text-underline-offset:4px;text-decoration-thickness:1px}
:focus-visible{outline:3px solid var(--primary);outline-offset:2px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:8px;top:8px;background:#fff;padding:8px 12px;z-index:1}
header{background:var(--primary);color:#fff;border-bottom:1px solid var(--primary)}
header div,footer div,.for p{max-width:720px;margin:0 auto;padding:4px 16px}
header div{display:flex;flex-wrap:wrap;align-items:center;gap:0 12px}
header a,header button,footer a{display:inline-flex;align-items:center;min-height:44px;padding:0 4px}
header a,header button.link{color:#fff}
header :focus-visible{outline-color:#fff}
.brand{font-weight:700;font-size:1.25rem;text-decoration:none;margin-right:auto;letter-spacing:.06em}
header form,footer form{margin:0}
.for{background:#fff7df;border-bottom:1px solid #e3c975}
.for p{padding:8px 16px}
main{max-width:720px;margin:0 auto;padding:20px 16px 40px;background:#fff}
footer{color:var(--muted);font-size:.9rem}
footer div{padding-top:12px;padding-bottom:32px}
h1{font-size:1.55rem;line-height:1.35;margin:0 0 8px;text-wrap:pretty}
h2{font-size:1.2rem;line-height:1.4;margin:36px 0 10px;padding-left:12px;border-left:5px solid var(--primary)}
h3{font-size:1.05rem;margin:20px 0 4px}
p{margin:8px 0}
ul,ol{padding-left:1.4em}
.lead,.muted,.hint{color:var(--muted)}
.hint{font-size:.92rem;margin:4px 0}
.amount{font-size:max(36px,2.2rem);font-variant-numeric:tabular-nums;font-weight:700;line-height:1.25;margin:4px 0;white-space:nowrap}
.large .amount{font-size:max(36px,1.9rem)}
.unit{font-size:1rem;font-weight:400}
.hero{background:var(--soft);border-radius:8px;padding:16px 20px;margin:0 0 16px}
.hero p:last-child{margin-bottom:0}
.crumb{margin:-8px 0 8px}
.crumb a{display:inline-flex;align-items:center;min-height:44px}
.badge{display:inline-block;padding:0 8px;border-radius:4px;border:1px solid currentColor;font-size:.9rem;font-weight:600;line-height:1.5;background:#fff}
.badge .mark{display:inline-block;min-width:1em;margin-right:4px;text-align:center}
.badge.good{color:var(--success)}.badge.bad{color:var(--danger)}.badge.open{color:var(--warning)}.badge.plain,.badge.over{color:var(--muted)}.badge.done{color:var(--success)}.badge.yours{color:#fff;background:var(--warning);border-color:var(--warning)}.badge.going{color:var(--primary)}.badge.stopped{color:var(--danger)}
.state{border:1px solid var(--line);border-left-width:8px;border-radius:6px;padding:8px 16px;margin:16px 0}
.state.yours,.state.open{border-color:var(--warning)}.state.done,.state.good{border-color:var(--success)}.state.going{border-color:var(--primary)}.state.stopped{border-color:var(--danger)}
.state.yours{background:#fffaf0}
.button,button{display:inline-flex;align-items:center;justify-content:center;min-height:48px;padding:8px 24px;border:1px solid var(--primary);border-radius:6px;background:var(--primary);color:#fff;font:inherit;text-decoration:none;cursor:pointer}
.button:hover,button:hover{background:#0747b0}
.quiet{background:#fff;color:var(--primary)}
.quiet:hover{background:var(--soft)}
button.link{border:0;background:none;color:var(--primary);padding:0 4px;text-decoration:underline;text-underline-offset:4px;text-decoration-thickness:1px;min-height:44px}
.acts{display:flex;flex-wrap:wrap;gap:12px;align-items:center;margin:16px 0}
.acts form{margin:0}
form>p:last-child{margin-top:20px}
label,legend{display:block;margin:16px 0 4px;font-weight:600}
input[type=text],input[type=tel],input[type=email],input[type=search],input[type=date],select,textarea{width:100%;min-height:48px;padding:8px 12px;font:inherit;border:1px solid #767676;border-radius:6px;background:#fff;color:inherit}
input[type=file]{font:inherit;max-width:100%;min-height:44px}
textarea{min-height:120px}
.find{display:flex;gap:8px;margin:8px 0}
.find input{flex:1 1 0;min-width:0}
.find button{flex:none}
fieldset{border:0;margin:16px 0;padding:0}
.choice{display:flex;gap:12px;align-items:flex-start;min-height:44px;padding:8px 0;margin:0;font-weight:400}
.choice input{width:24px;height:24px;flex:none;margin:2px 0 0}
.list{list-style:none;margin:12px 0;padding:0}
.list>li{border-top:1px solid var(--line);padding:12px 0}
.list>li:last-child{border-bottom:1px solid var(--line)}
.list a.row{display:block;color:inherit;text-decoration:none;min-height:44px}
.row::after{content:"";display:table;clear:both}
.list li.yours{border-left:8px solid var(--warning);padding:12px;background:#fffaf0}
.list .button{margin-top:8px}
.list a.row strong{color:var(--primary);text-decoration:underline;text-underline-offset:4px;text-decoration-thickness:1px}
.list a.row:hover strong{text-decoration-thickness:3px}
.list.go>li{padding:0}
.list.go>li>a{display:flex;align-items:center;justify-content:space-between;gap:12px;min-height:52px;padding:10px 4px 10px 0}
.list.go>li>a::after{content:"";flex:none;width:.55em;height:.55em;border:solid var(--primary);border-width:2px 2px 0 0;transform:rotate(45deg)}
.row .figure{float:right;margin-left:12px;font-variant-numeric:tabular-nums;font-weight:600;font-size:1.1rem}
.steps{margin:12px 0;padding:0;list-style:none;counter-reset:s}
.steps li{counter-increment:s;position:relative;padding:0 0 16px 44px;min-height:36px}
.steps li:not(:last-child)::after{content:"";position:absolute;left:14px;top:32px;bottom:2px;border-left:2px solid var(--line)}
.steps li.done:not(:last-child)::after{border-color:var(--success)}
.steps li::before{content:counter(s);position:absolute;left:0;top:0;width:30px;height:30px;border-radius:50%;border:2px solid var(--muted);display:flex;align-items:center;justify-content:center;font-size:.9rem;background:#fff}
.steps li.done::before{content:"✓";background:var(--success);border-color:var(--success);color:#fff}
.steps li.now::before{background:var(--primary);border-color:var(--primary);color:#fff}
.steps li.now{font-weight:600}
.steps .own{display:block;font-weight:400;color:var(--muted);font-size:.92rem}
dl{margin:12px 0}
dl div{display:flex;flex-wrap:wrap;gap:0 12px;padding:8px 0;border-bottom:1px solid #d9d9d9}
dt{color:var(--muted);min-width:5em}
dd{margin:0;flex:1 1 9em}
dd.big{flex-basis:6em;font-size:1.2rem;font-weight:700;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:8px 8px 8px 0;border-bottom:1px solid #d9d9d9;vertical-align:top}
.figure{text-align:right;font-variant-numeric:tabular-nums}
.sum{border-top:2px solid var(--text);padding-top:6px;display:flex;justify-content:space-between;gap:12px;font-variant-numeric:tabular-nums}
.problem,.note,.warn,.fine{border-left:6px solid var(--primary);background:var(--soft);padding:8px 16px;margin:16px 0}
.problem{border-color:var(--danger);background:#fff4f2}.warn{border-color:#b58100;background:#fff9e6}.fine{border-color:var(--success);background:#f0faf2}
.empty{color:var(--muted);padding:14px 16px;background:var(--soft);border-radius:6px}
details{margin:8px 0}
summary{cursor:pointer;min-height:44px;padding:8px 0;font-weight:600}
.tree{list-style:none;margin:8px 0 0;padding:0}
.tree li{padding:6px 0 4px 12px;margin:0 0 8px;border-left:2px solid var(--line)}
.tree.whole>li{padding-left:0;border:0}
.tree .leaf{background:#f7f9fb;border-left-width:5px;padding-bottom:8px}
.tree .yes{border-color:var(--success)}.tree .no{border-color:var(--danger)}.tree .open{border-color:var(--warning)}
.tree .leaf.no{background:#fff4f2}
.tree p{margin:0 0 4px;padding-right:8px}
.source{display:block;color:var(--muted);font-size:.92rem}
.chips{list-style:none;display:flex;flex-wrap:wrap;gap:8px;margin:12px 0;padding:0}
.chips a{display:inline-flex;align-items:center;min-height:44px;padding:0 14px;border:1px solid var(--primary);border-radius:22px;text-decoration:none;background:#fff}
.chips a[aria-current]{background:var(--primary);color:#fff}
.letter{border:1px solid var(--line);border-radius:6px;padding:16px 20px;white-space:pre-wrap}
.links{display:flex;flex-wrap:wrap;gap:0 20px;margin:8px 0}
.links a,.tap{display:inline-flex;align-items:center;min-height:44px}
.voucher{border:1px solid var(--line);border-top:5px solid var(--primary);border-radius:6px;padding:16px 20px}
@media (min-width:760px){main{padding:32px 40px 56px;border:solid #dde2ea;border-width:0 1px 1px}header div,footer div,.for p{padding-left:40px;padding-right:40px}}
@media (max-width:480px){table,tbody,tr,td{display:block}thead{position:absolute;left:-9999px}tr{border-bottom:1px solid var(--line);padding:8px 0}td{border:0;padding:2px 0 2px 6.5em;position:relative;min-height:1.6em}td.figure{text-align:left}td::before{content:attr(data-label);position:absolute;left:0;color:var(--muted)}.acts .button,.acts button,.acts form{width:100%}}
@media (prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important;scroll-behavior:auto!important}}
@media (forced-colors:active){.button,button,.badge,.steps li::before,.state,.hero,main{border:2px solid}.button{color:LinkText}.steps li.now::before,.chips a[aria-current]{outline:3px solid Highlight}}
@media print{body{background:#fff}header,footer,.for,.skip,.acts,.crumb,.noprint,form,.button,button,.chips,.list.go{display:none}details>*{display:block}h2,h3{break-after:avoid}li,dl div,tr,.state,.letter,.voucher{break-inside:avoid}a{color:inherit;text-decoration:none}main{max-width:none;padding:0;border:0}.hero{border:1px solid #999}@page{size:A4;margin:20mm}.voucher{border:0;padding:0}.voucher h1{text-align:center;margin-bottom:16px}.voucher dt{min-width:7em}html,html.large{font-size:12pt}.letter{border:0;padding:0}}
`.trim();

export const portalStylePath = `/assets/p-${createHash('sha256').update(portalStyle).digest('hex').slice(0, 12)}.css`;
