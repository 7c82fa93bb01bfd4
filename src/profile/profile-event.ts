/** What a running profile tells about itself; only cli draws it. */
export type ProfileEvent =
  | { readonly kind: 'probing'; readonly model: string; readonly ep: string }
  /** The runtime is asked what it makes of the model. */
  | { readonly kind: 'optimizing'; readonly model: string }
  | {
      readonly kind: 'block';
      /** 0 for what is profiled, 1 for what it is compared with. */
      readonly subject: number;
      readonly profiled: boolean;
      readonly round: number;
      readonly rounds: number;
    }
  | { readonly kind: 'roofs'; readonly ep: string; readonly threads: number };

export type OnProfileEvent = (event: ProfileEvent) => void;
