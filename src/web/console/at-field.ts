// What the server says of a field stands at that field: a problem names its place as a pointer (`/lastOn`), a form its fields as paths.
import type { FormInstance } from 'antd';
import { useEffect } from 'react';
import { problemsOf } from './trouble.tsx';

/** Marks every field that a problem of the error names; what names none stays with <Trouble>, which says all of it. */
export const useAtField = <Values>(form: FormInstance<Values>, error: Error | null): void => {
  useEffect(() => {
    if (error === null) return;
    const told = new Map(problemsOf(error).map((one) => [one.at, one.message]));
    const fields = form.getFieldsError().flatMap(({ name }) => {
      const message = told.get(`/${name.join('/')}`);
      return message === undefined ? [] : [{ name: name as never, errors: [message] }];
    });
    form.setFields(fields);
  }, [form, error]);
};
