// XML parts of a workbook as events, strictly and with bounded memory: well-formed UTF-8, no document type (so no entities of one's own), nothing that
// grows without a tag in between, no endless nesting.
import { type SaxesAttributePlain, SaxesParser } from 'saxes';
import { fail, ProblemError } from '../base/problem.ts';

export interface XmlHandler {
  /** Local name, without its prefix; attributes as written. */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** A tag, a text or a comment longer than this is none that a spreadsheet wrote: a cell holds 32,767 characters. */
const maxQuiet = 1 << 20;
const maxDepth = 64;

const damaged = (what: string): never =>
  fail('import.damaged', '', `文件不完整或已损坏：${what}，没有导入。`, '请重新导出或重新传送这份文件。');

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Runs over the part and yields after each piece, so that the caller may hand on what its handler gathered. The caller may stop early. */
export async function* readXml(pieces: AsyncIterable<Uint8Array>, handler: XmlHandler): AsyncGenerator<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new SaxesParser();
  let depth = 0;
  let quiet = 0;
  parser.on('doctype', () => damaged('内部带有文档类型声明'));
  parser.on('error', () => damaged('内部的 XML 写得不对'));
  parser.on('opentag', (tag) => {
    quiet = 0;
    if (++depth > maxDepth) damaged('内部的 XML 嵌套过深');
    handler.open(localName(tag.name), tag.attributes as Readonly<Record<string, SaxesAttributePlain['value']>>);
  });
  parser.on('closetag', (tag) => {
    quiet = 0;
    depth--;
    handler.close(localName(tag.name));
  });
  parser.on('text', (text) => handler.text(text));
  parser.on('cdata', (text) => handler.text(text));
  const feed = (text: string): void => {
    quiet += text.length;
    parser.write(text);
    if (quiet > maxQuiet) damaged('内部的 XML 有一段过长');
  };
  for await (const piece of pieces) {
    feed(decoded(decoder, piece));
    yield;
  }
  feed(decoded(decoder));
  parser.close();
  yield;
}

const decoded = (decoder: InstanceType<typeof TextDecoder>, piece?: Uint8Array): string => {
  try {
    return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return damaged('内部的文字不是 UTF-8');
  }
};
