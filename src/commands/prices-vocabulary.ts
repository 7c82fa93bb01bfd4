/** Words of `infer cost prices`, for the command line, which knows no domain. */
export { priceOrders } from '../cost/catalog/list-prices.ts';
