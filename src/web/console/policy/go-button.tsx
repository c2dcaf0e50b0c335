// A way on that looks like a button and is a link: it can be opened in another window.
import { useNavigate, useRouter } from '@tanstack/react-router';
import { Button } from 'antd';
import type { MouseEvent, ReactNode } from 'react';

interface Given {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly primary?: boolean;
  readonly children: ReactNode;
}

export const GoButton = ({ to, search = {}, primary = false, children }: Given) => {
  const navigate = useNavigate();
  const { href } = useRouter().buildLocation({ to: to as '/', search: search as never });
  const go = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void navigate({ to: to as '/', search: search as never });
  };
  return (
    <Button type={primary ? 'primary' : 'default'} href={`/console${href.replace(/^\/console/, '')}`} onClick={go}>
      {children}
    </Button>
  );
};
