/** `/orders` */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Order } from '../domain/order.ts';
import type { Message, OutboxRepository } from '../repositories/outbox-repository.ts';
import type { OrderService } from '../services/order-service.ts';
import { idParams, orderBody } from './schemas.ts';

export function addOrderRoutes(server: FastifyInstance, orders: OrderService, outbox: OutboxRepository): void {
  server.post('/orders', async function postOrder(request: FastifyRequest, reply: FastifyReply): Promise<Order> {
    const body = orderBody.parse(request.body);
    const order = await orders.place(body);
    reply.code(201);
    return order;
  });

  server.get('/orders/:id', async function getOrder(request: FastifyRequest): Promise<Order> {
    const { id } = idParams.parse(request.params);
    return orders.find(id);
  });

  server.get('/orders/:id/messages', async function getMessages(request: FastifyRequest): Promise<Message[]> {
    const { id } = idParams.parse(request.params);
    return outbox.ofOrder(id);
  });
}
