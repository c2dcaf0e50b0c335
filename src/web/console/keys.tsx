// By keyboard: `/` to what is searched, `g` and a letter to a screen, `?` for the list of it all. Never while somebody types, nor over an open window.
import { useNavigate } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { roomsFor } from './rooms.ts';
import { useStaff } from './session.tsx';

/** Letters of the screens, by the sound of their names. */
const letters: Readonly<Record<string, string>> = {
  '/': 'd',
  '/people': 'c',
  '/payment/openings': 'f',
  '/payment/batches': 'b',
  '/payment/returned': 't',
  '/review/reviews': 's',
  '/review/objections': 'y',
  '/policy': 'z',
  '/data/datasets': 'j',
  '/run/runs': 'p',
  '/run/matches': 'g',
  '/oversight/warnings': 'w',
  '/oversight/effects': 'x',
  '/settings/accounts': 'h',
  '/settings/jobs': 'r',
};

const general: readonly (readonly [string, string])[] = [
  ['/', '跳到查找或筛选'],
  ['↑ ↓', '在表格里换行（先按 Tab 到表格）'],
  ['Enter', '打开选中的一行'],
  ['Esc', '关上窗口、收起选单'],
  ['?', '看这张表'],
];

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [role="combobox"]') !== null);
const windowOpen = (): boolean =>
  [...document.querySelectorAll<HTMLElement>('[role="dialog"], dialog')].some((one) => one.getClientRects().length > 0);
const searched = 'main input[type="search"], main .find-form input, main .filters input, main form input[type="text"]';
/** Between `g` and its letter. */
const patience = 1_500;

export const Shortcuts = () => {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const { roles } = useStaff();
  const ways = useMemo(() => {
    const screens = roomsFor(roles).flatMap((room) => room.screens);
    return screens.flatMap(({ to, title }) => (letters[to] === undefined ? [] : [{ to, title, letter: letters[to] }]));
  }, [roles]);
  const went = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || windowOpen()) return;
      const way = event.timeStamp - went.current < patience ? ways.find(({ letter }) => letter === event.key) : undefined;
      went.current = event.key === 'g' && way === undefined ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (way !== undefined) void navigate({ to: way.to as '/' });
      else if (event.key === '?') setOpen(true);
      else if (event.key === '/') {
        const field = document.querySelector<HTMLInputElement>(searched);
        if (field === null) return;
        field.focus();
        field.select();
      } else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [ways, navigate]);
  const rows: readonly (readonly [string, string])[] = [
    ...general,
    ...ways.map(({ letter, title }) => [`g ${letter}`, `到“${title}”`] as const),
  ];
  return (
    <>
      <Button size="small" type="text" onClick={() => setOpen(true)}>
        快捷键 <kbd>?</kbd>
      </Button>
      <Modal title="快捷键" open={open} footer={null} onCancel={() => setOpen(false)} width={420} mask={{ closable: true }} destroyOnHidden>
        <dl className="keys">
          {rows.map(([key, what]) => (
            <div key={key}>
              <dt>
                {key.split(' ').map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
};
