// A table that may be long, to keep: told how much has come, broken off by hand; then the server stops reading, and nothing is kept.
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { takeFile } from './client.ts';
import { Trouble } from './trouble.tsx';

const sizeText = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

export const TakeFile = ({ path, text }: { readonly path: string; readonly text: string }) => {
  const [got, setGot] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const own = useRef<AbortController | null>(null);
  useEffect(() => () => own.current?.abort(), []);
  const begin = () => {
    const taking = new AbortController();
    own.current = taking;
    setError(null);
    setGot(0);
    takeFile(path, { signal: taking.signal, got: setGot })
      .catch((reason: unknown) => taking.signal.aborted || setError(reason))
      .finally(() => setGot(null));
  };
  return (
    <>
      {got === null ? (
        <Button onClick={begin}>{text}</Button>
      ) : (
        <span className="under-way" role="status">
          <span className="hint">正在导出，已收 {sizeText(got)}</span>
          <Button size="small" onClick={() => own.current?.abort()}>
            停下
          </Button>
        </span>
      )}
      {error === null ? null : <Trouble error={error} />}
    </>
  );
};
