/** What the API accepts. */
import { z } from 'zod';

export const orderBody = z.object({
  customerId: z.int().positive(),
  lines: z
    .array(z.object({ sku: z.string().min(1), quantity: z.int().min(1).max(100) }))
    .min(1)
    .max(20),
  payment: z.object({ network: z.enum(['visto', 'mastero', 'nordbank']), cardToken: z.string().min(4) }),
});

export const idParams = z.object({ id: z.coerce.number().int().positive() });

export const productQuery = z.object({ search: z.string().max(50).default('') });
