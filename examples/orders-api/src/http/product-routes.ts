/** `/products` */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Product } from '../domain/product.ts';
import type { ProductRepository } from '../repositories/product-repository.ts';
import { productQuery } from './schemas.ts';

export function addProductRoutes(server: FastifyInstance, products: ProductRepository): void {
  server.get('/products', async function listProducts(request: FastifyRequest): Promise<Product[]> {
    const { search } = productQuery.parse(request.query);
    return products.list(search);
  });
}
