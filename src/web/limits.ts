// How much may come in at once, for the server that refuses more and the pages that say so before they send it. Nothing but figures.

/** A scan of 20 MB with the form around it. */
export const maxFileBytes = 21_000_000;

/** Pages and questions that carry no file. */
export const maxBodyBytes = 1_000_000;
