/** What is said of a payment on the command line: whom, how much, and of what. */
export const ORDER_OPTIONS = {
  to: {
    kind: 'text',
    value: 'ACCOUNT',
    required: true,
    summary: 'Who is paid: an account, an address, or a payment request as in calin:ADDRESS?amount=5',
  },
  amount: {
    kind: 'text',
    value: 'AMOUNT',
    summary: 'How much, such as 5 or 0.25',
    otherwise: 'what the payment request asks for',
  },
  asset: {
    kind: 'integer',
    value: 'ID',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    summary: 'Which asset; 0 is CALIN',
    otherwise: 'that of the payment request, else CALIN',
  },
} as const;
