export { type StripeOptions, stripePaymentProvider } from './stripePaymentProvider.js';
