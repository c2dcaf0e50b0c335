// What is used of the formula editor, which brings no types of its own.
declare module '@bpmn-io/feel-editor' {
  export interface FeelVariable {
    readonly name: string;
    readonly detail?: string;
    readonly info?: string;
  }
  class FeelEditor {
    constructor(options: {
      readonly container: HTMLElement;
      readonly value: string;
      readonly variables: readonly FeelVariable[];
      readonly contentAttributes: Readonly<Record<string, string>>;
      readonly onChange: (value: string) => void;
    });
    setValue(value: string): void;
    setVariables(variables: readonly FeelVariable[]): void;
  }

  // biome-ignore lint/style/noDefaultExport: as the editor exports itself
  export { FeelEditor as default };
}
