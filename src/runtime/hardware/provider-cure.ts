/** Why a provider does not run and what to do: a clause each, to be put into a sentence (no capital, no period). */
export interface ProviderCure {
  readonly reason: string;
  readonly cure: string;
}
