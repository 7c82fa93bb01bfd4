/** An output, and how a loss looks at it. */
export type ScoredOutput =
  /** Scores of classes, or probabilities, at any number of positions. */
  | {
      readonly kind: 'classes';
      readonly name: string;
      readonly classAxis: number;
      readonly areProbabilities: boolean;
      /** Whether each position has a label; else the class that scores highest counts as true. */
      readonly isLabeled: boolean;
    }
  /** Any numbers. */
  | {
      readonly kind: 'values';
      readonly name: string;
      /** Their root mean square: what a change of them is measured by. */
      readonly scale: number;
    };
