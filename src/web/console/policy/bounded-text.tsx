// A text area for JSON that is pasted whole. What no rule can be, a register pasted by mistake, is not taken in: the page would stand still over it, and the
// server would not have it. What stood there stays.
import { Alert, Input } from 'antd';
import { useState } from 'react';
import { maxBodyBytes } from '../../limits.ts';

interface Bounded {
  readonly id?: string;
  readonly label?: string;
  readonly rows: number;
  readonly placeholder?: string;
  readonly wrong?: boolean;
  readonly value?: string;
  readonly onChange?: (text: string) => void;
}

const megabytes = (length: number): string => `${(length / 1e6).toFixed(1)} MB`;

export const BoundedText = ({ id, label, rows, placeholder, wrong, value, onChange }: Bounded) => {
  const [refused, setRefused] = useState<number | null>(null);
  const takes = (text: string): boolean => {
    const fits = text.length <= maxBodyBytes;
    setRefused(fits ? null : text.length);
    return fits;
  };
  return (
    <>
      <Input.TextArea
        {...(id === undefined ? {} : { id })}
        {...(label === undefined ? {} : { 'aria-label': label })}
        className="code-text"
        rows={rows}
        placeholder={placeholder}
        spellCheck={false}
        status={wrong === true ? 'error' : ''}
        value={value}
        // Before the browser lays it out, which takes longest.
        onPaste={(event) => {
          if (!takes(event.clipboardData.getData('text'))) event.preventDefault();
        }}
        onChange={(event) => {
          if (takes(event.target.value)) onChange?.(event.target.value);
        }}
      />
      {refused === null ? null : (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={`粘贴的内容有 ${megabytes(refused)}，没有放进来；原来写的还在。`}
          description="一条规则最多 1 MB。名单、登记表请到“导入数据”里导入，规则里只写条件。"
        />
      )}
    </>
  );
};
