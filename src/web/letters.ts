// Letters to print: one notice a page, with a strip to tear off that says what to tick. HTML that stands alone, no script, no link; a browser makes a PDF of it.
import { html, raw } from 'hono/html';
import type { Letter } from '../notice/letters-store.ts';
import { codeIn } from '../notice/template.ts';
import type { Html } from './view.ts';
import { shown } from './words.ts';

const style = `@page{size:A4;margin:25mm 22mm}
body{font:16pt/1.7 "Songti SC","Noto Serif CJK SC","SimSun",serif;color:#1b1b1b;margin:0 auto;max-width:170mm}
section{break-after:page;padding:8mm 0}section:last-child{break-after:auto}
h1{font-size:20pt;text-align:center;margin:0 0 10mm}
.text{white-space:pre-wrap}
.strip{border-top:1px dashed #1b1b1b;margin-top:16mm;padding-top:6mm;font-size:12pt}
.code{font:16pt/1.4 "Noto Sans Mono","Menlo",monospace;letter-spacing:1px}`;

const one = (letter: Letter, place: (code: string) => string): Html => html`<section><h1>${shown(letter.subject)}</h1>
<div class="text"><bdi>${letter.body.split('\n').map(shown).join('\n')}</bdi></div>
<div class="strip"><p>送达回执（${shown(place(letter.village))}）：查验码 <span class="code">${codeIn(letter.body)}</span></p>
<p>□ 已送到本人　□ 已送到家人（关系：＿＿＿＿）　□ 没有送到，原因：＿＿＿＿＿＿＿＿</p>
<p>签收：＿＿＿＿＿＿　经办：＿＿＿＿＿＿　日期：＿＿＿＿年＿＿月＿＿日</p></div></section>`;

export const lettersPage = (letters: readonly Letter[], place: (code: string) => string): Html => html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>待送达的告知</title>
<style>${raw(style)}</style></head><body>${letters.map((letter) => one(letter, place))}</body></html>`;
