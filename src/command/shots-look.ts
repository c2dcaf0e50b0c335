// What a machine can see wrong in a drawn page: something sticks out or is cut, targets too small for a thumb, a word that is no Chinese, an amount too small.
// Written as text that runs in the page, so that the tests look with the same eyes as `shots`.

/** Evaluated in the page; gives one line per finding. Latin text is told as it stands: what may stay is the caller's to say. */
export const lookScript = `(() => {
  const found = [];
  const wide = document.documentElement.clientWidth;
  const name = (one) => one.tagName.toLowerCase() + (one.className && typeof one.className === 'string' ? '.' + one.className.trim().replaceAll(/\\s+/g, '.') : '');
  const text = (one) => (one.innerText || one.value || one.getAttribute('aria-label') || '').trim().replaceAll(/\\s+/g, ' ').slice(0, 24);
  const seen = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const aside = (one) => one.closest('.skip, thead, .scroll table') !== null;
  if (document.documentElement.scrollWidth > wide) found.push('sticks out: page is ' + document.documentElement.scrollWidth + ' px of ' + wide);
  for (const one of document.querySelectorAll('body *')) {
    if (!seen(one) || aside(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.width > 0 && (box.right > wide + 1 || box.left < -1)) found.push('sticks out: ' + name(one) + ' ' + text(one));
    const style = getComputedStyle(one);
    if (one.scrollWidth > one.clientWidth + 1 && style.overflowX === 'hidden' && one.clientWidth > 0) found.push('cut off: ' + name(one) + ' ' + text(one));
  }
  for (const one of document.querySelectorAll('button, select, textarea, summary, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), a.button, a.row, header a, footer a, .crumb a, label.choice')) {
    if (!seen(one) || aside(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.height < 43.5 || box.width < 43.5) found.push('small target: ' + name(one) + ' ' + text(one) + ' ' + Math.round(box.width) + '×' + Math.round(box.height));
  }
  for (const one of document.querySelectorAll('.amount')) {
    if (seen(one) && parseFloat(getComputedStyle(one).fontSize) < 36) found.push('amount smaller than 36 px: ' + text(one));
  }
  if (document.querySelectorAll('h1').length !== 1) found.push('headings of the first rank: ' + document.querySelectorAll('h1').length);
  if (document.querySelectorAll('main .button:not(.quiet), main button:not(.quiet):not(.link)').length > 1) found.push('more than one next action');
  const told = document.body.innerText;
  for (const [word] of told.matchAll(/[A-Za-z_][A-Za-z_-]{2,}/g)) found.push('not Chinese: ' + word);
  if (/undefined|\\bnull\\b|NaN|\\[object/.test(told)) found.push('a value nobody wrote');
  return [...new Set(found)];
})()`;
