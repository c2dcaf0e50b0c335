// Style of pages that are printed: A4, black on white, nothing that a copier loses; on a screen the same sheet.
export const paperStyle = `
@page{size:A4;margin:12mm 13mm}
*{box-sizing:border-box}
body{margin:0 auto;max-width:190mm;padding:6mm;color:#111;background:#fff;font-family:"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;font-size:9.5pt;line-height:1.4}
@media print{body{padding:0;max-width:none}}
header{display:flex;justify-content:space-between;align-items:flex-end;gap:8mm;border-bottom:2px solid #111;padding-bottom:2mm;margin-bottom:2mm}
h1{font-size:17pt;line-height:1.2;margin:0;letter-spacing:.1em}
h2{font-size:10.5pt;margin:2.4mm 0 .6mm;break-after:avoid}
p{margin:0}
.sum{text-align:right;white-space:nowrap}
.sum strong{font-size:15pt;font-variant-numeric:tabular-nums}
.sum .state{font-weight:600}
dl{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 6mm;margin:0}
dl div{display:flex;gap:2mm;padding:.4mm 0;border-bottom:1px dotted #999;min-width:0}
dt{color:#444;white-space:nowrap}
dt::after{content:"："}
dd{margin:0;overflow-wrap:anywhere;min-width:0}
table{width:100%;border-collapse:collapse;font-size:8.5pt;line-height:1.35}
th,td{text-align:left;vertical-align:top;padding:.5mm 1.4mm;border-bottom:1px solid #bbb}
th{border-bottom:1px solid #111;white-space:nowrap;font-weight:600}
tr{break-inside:avoid}
thead{display:table-header-group}
td{overflow-wrap:anywhere}
.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.own{display:block;color:#333}
ol{margin:0;padding-left:5mm;font-size:9pt;line-height:1.35}
ul{margin:0;padding-left:5mm}
.life{columns:2;column-gap:6mm;font-size:8pt;line-height:1.35}
.life li{break-inside:avoid}
.judged td:first-child{width:32%}
.bank table{table-layout:fixed}
.bank th:first-child{width:19%}
.bank th:nth-child(2){width:25%}
.bank th:nth-child(3){width:22%}
.bank th:nth-child(4){width:23%}
.bank .own{line-height:1.3}
.judged td:nth-last-child(2),.judged td:last-child{white-space:nowrap}
code{font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:7.5pt;overflow-wrap:anywhere}
footer{margin-top:2.5mm;border-top:1px solid #111;padding-top:1.5mm;font-size:8pt;color:#333}
.proof dl{font-size:8.5pt}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:3mm;margin:3mm 0}
.card{border:1px solid #111;padding:2mm 3mm}
.card strong{display:block;font-size:14pt;white-space:nowrap;font-variant-numeric:tabular-nums;line-height:1.2;overflow-wrap:anywhere}
.card span{color:#333}
.card b{font-weight:400;white-space:nowrap;font-variant-numeric:tabular-nums}
.bar{display:block;height:2.4mm;background:#ddd}
.bar i{display:block;height:100%;background:#333}
.note{border-left:3px solid #111;padding:1mm 3mm;margin:2mm 0}
`;
