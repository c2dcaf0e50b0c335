// The header under which a file is handed out. One place: a name from outside must not write a header, leave its folder or turn its ending round.
import { fileNameOf } from '../base/invisible.ts';

/** Plain letters in the old form; what goes beyond them in the new one (RFC 6266). */
export const attachment = (given: string): string => {
  const name = fileNameOf(given);
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  if (plain === name) return `attachment; filename="${name}"`;
  const whole = encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
};
