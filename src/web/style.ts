// The one style sheet of server-rendered pages: system fonts, one accent, print style. Served with a hash in its name.
export const style = `
:root{--text:#1b1b1b;--muted:#595959;--line:#d9d9d9;--soft:#f5f7fa;--primary:#0958d9;--success:#1a7f37;--warning:#8a5a00;--danger:#b42318}
*{box-sizing:border-box}
html{font-size:16px;-webkit-text-size-adjust:100%}
body{margin:0;color:var(--text);background:#fff;font-family:"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;line-height:1.6}
a{color:var(--primary)}
:focus-visible{outline:3px solid var(--primary);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:#fff;padding:8px 12px;z-index:1}
.nav{display:flex;flex-wrap:wrap;align-items:center;gap:4px;padding:8px 24px;border-bottom:1px solid var(--line)}
.nav a{padding:8px 10px;text-decoration:none;color:var(--text);border-radius:4px}
.nav a:hover{background:var(--soft)}
.nav a[aria-current]{color:var(--primary);font-weight:600;box-shadow:inset 0 -3px 0 var(--primary);border-radius:0}
.nav .brand{font-weight:700;font-size:1.15rem;color:var(--primary);padding-left:0;margin-right:8px}
.nav .who{margin-left:auto;color:var(--muted);font-size:.9rem}
.nav form{margin:0}
.nav .links{display:flex;flex-wrap:wrap;gap:4px}
.nav .menu{display:none}
.crumb{margin:0 0 8px;font-size:.92rem}
.crumb a{text-decoration:none}
button.link{border:0;background:none;color:var(--primary);font:inherit;cursor:pointer;padding:8px;text-decoration:underline}
main{max-width:1280px;margin:0 auto;padding:24px}
main.narrow{max-width:640px;font-size:1.125rem}
h1{font-size:1.6rem;line-height:1.3;margin:0 0 8px}
h2{font-size:1.2rem;margin:32px 0 8px}
p{margin:8px 0}
.lead{color:var(--muted);margin-bottom:16px}
.muted{color:var(--muted)}
.amount{font-size:2.25rem;font-variant-numeric:tabular-nums;font-weight:600;line-height:1.2}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin:16px 0}
.card{border:1px solid var(--line);border-radius:6px;padding:12px 16px}
.card .number,.nowrap{white-space:nowrap}
.card .number{font-size:1.4rem;font-variant-numeric:tabular-nums;font-weight:600}
.card a{text-decoration:none}
.scroll{overflow-x:auto;margin:8px 0}
table{border-collapse:collapse;width:100%;font-size:.92rem;line-height:1.5}
th,td{text-align:left;padding:4px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{background:var(--soft);font-weight:600;white-space:nowrap}
.figure{text-align:right;font-variant-numeric:tabular-nums}
td{white-space:nowrap}td:first-child,td.long,.why td{white-space:normal}
tbody tr:hover{background:#fafcff}
tfoot td{font-weight:600;border-top:2px solid var(--line)}
.title{display:flex;flex-wrap:wrap;align-items:baseline;gap:8px 16px;margin:0 0 4px}
.title h1{margin:0}
.small{font-size:.86rem}
.waits{list-style:none;padding:0;margin:12px 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:12px}
.waits a{display:block;height:100%;border:1px solid var(--line);border-left:4px solid var(--primary);border-radius:6px;padding:10px 14px;text-decoration:none;color:inherit}
.waits a:hover{background:var(--soft)}
.waits strong{font-size:1.5rem;font-variant-numeric:tabular-nums;margin-right:6px;line-height:1.2}
.waits span{display:block;color:var(--muted);font-size:.86rem}
.why td:first-child{min-width:240px}
.why .group td{background:var(--soft);font-weight:600}
.why .d1 td:first-child{padding-left:24px}.why .d2 td:first-child{padding-left:48px}.why .d3 td:first-child{padding-left:72px}.why .d4 td:first-child{padding-left:96px}.why .d5 td:first-child,.why .d6 td:first-child{padding-left:120px}
.why td{overflow-wrap:anywhere}
.own{display:block;color:var(--muted);font-size:.86rem;font-weight:400}
details{margin:4px 0}
summary{cursor:pointer;padding:6px 0;font-weight:600}
h3{font-size:1.05rem;margin:16px 0 4px}
.letter{border:1px solid var(--line);border-radius:6px;padding:20px 24px;max-width:640px;white-space:pre-wrap;overflow-wrap:anywhere;font-size:1.05rem;background:#fff}
code{font-size:.86rem;overflow-wrap:anywhere}
.facts{margin:12px 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:0 24px}
.facts div{display:flex;gap:12px;padding:6px 0;border-bottom:1px solid var(--line)}
.facts dt{color:var(--muted);min-width:6em;flex:none}
.facts dd{margin:0;overflow-wrap:anywhere}
.badge{display:inline-block;padding:0 8px;border-radius:4px;border:1px solid currentColor;font-size:.86rem;white-space:nowrap}
.badge.good{color:var(--success)}.badge.bad{color:var(--danger)}.badge.open{color:var(--warning)}.badge.plain{color:var(--muted)}
.button,button{display:inline-block;min-height:44px;padding:9px 18px;border:1px solid var(--primary);border-radius:6px;background:var(--primary);color:#fff;font:inherit;text-decoration:none;cursor:pointer}
.button.quiet{background:#fff;color:var(--primary)}
form>div+button,form>div+p button{margin-top:16px}
form.inline button,td button{margin-top:0}
label{display:block;margin:12px 0 4px;font-weight:600}
input[type=text],input[type=password],input[type=search],input[type=date],select,textarea{width:100%;max-width:480px;min-height:44px;padding:8px 12px;font:inherit;border:1px solid #767676;border-radius:6px;background:#fff;color:inherit}
form.inline{display:flex;flex-wrap:wrap;gap:8px;align-items:end;margin:12px 0}
td form.inline{margin:0}
fieldset{border:1px solid var(--line);border-radius:6px;max-width:480px;margin:16px 0;padding:8px 16px;display:grid;grid-template-columns:1fr 1fr}
fieldset label{font-weight:400;margin:4px 0}
legend{font-weight:600;padding:0 4px}
form.inline label{margin:0 0 2px;font-size:.86rem;font-weight:400;color:var(--muted)}
input[type=file]{font:inherit}
form.inline select,form.inline input{min-height:36px;padding:4px 8px;max-width:260px}
form.inline button,form.inline .button{min-height:36px;padding:5px 14px}
.hint{color:var(--muted);font-size:.92rem;margin:4px 0}
.problem{border-left:6px solid var(--danger);background:#fff5f4;padding:8px 16px;margin:16px 0}
.note{border-left:6px solid var(--primary);background:#f0f5ff;padding:8px 16px;margin:16px 0}
.warn{border-left:6px solid #d4a017;background:#fffbe6;padding:8px 16px;margin:16px 0}
.empty{color:var(--muted);padding:14px 16px;background:var(--soft);border-radius:6px}
.rule{font-size:1.02rem}
.rule h3{font-size:1rem;margin:16px 0 4px}
.rule ul{padding-left:1.4em;margin:2px 0}
.rule li{margin:3px 0}
.source{display:block}
ol.steps{padding-left:1.4em}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);padding:12px;border-radius:6px;font-size:.86rem}
@media (max-width:1180px){.nav .links{display:none}.nav .menu{display:block;margin:0}.nav .menu summary{padding:8px 12px;border:1px solid var(--line);border-radius:6px}.nav .menu div{display:grid;grid-template-columns:repeat(2,1fr);gap:4px;padding:8px 0}.nav .menu[open]{order:9;flex-basis:100%}}
@media (max-width:480px){main{padding:16px}.nav{padding:8px 16px}.facts{grid-template-columns:1fr}form.inline>div{flex:1 1 45%}form.inline select,form.inline input,form.inline button{width:100%;max-width:none;min-height:44px}
.scroll{overflow:visible}table,tbody,tfoot,tr,td{display:block;width:100%}thead{position:absolute;left:-9999px}tr{border:1px solid var(--line);border-radius:6px;padding:8px 12px;margin:0 0 8px}td,.figure{border:0;padding:2px 0 2px 6.5em;text-align:left;white-space:normal;position:relative;min-height:1.5em}td::before{content:attr(data-label);color:var(--muted);position:absolute;left:0;font-weight:400}td:empty{display:none}td[data-label=""]{padding-left:0}td[data-label=""]::before{display:none}
.why td:first-child{min-width:0;font-weight:600}.why .group{background:var(--soft)}.why tr td:first-child{padding-left:0!important}.why .d2{margin-left:12px;width:auto}.why .d3{margin-left:24px;width:auto}.why .d4,.why .d5,.why .d6{margin-left:36px;width:auto}.letter{padding:16px}.amount{font-size:1.9rem}}
@media print{.nav,.skip,button,.button,.crumb,.noprint{display:none}.letter{border:0;padding:0;max-width:none}main{max-width:none;padding:0}}
`.trim();
