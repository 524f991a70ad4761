// A template engine: handlebars compiles an invoice and renders it.
import Handlebars from 'handlebars';

const source = `<h1>{{title}}</h1>
{{#if customer}}<p>{{customer.name}} ({{customer.email}})</p>{{else}}<p>unknown</p>{{/if}}
<table>{{#each lines}}<tr class="{{#if @first}}first{{/if}}"><td>{{sku}}</td><td>{{quantity}}</td><td>{{price}}</td></tr>{{/each}}</table>
{{#unless paid}}<p>due: {{total lines}}</p>{{/unless}}`;
const lines = Array.from({ length: 60 }, (_, index) => ({ sku: `s-${index}`, quantity: index % 7, price: index * 1.25 }));
const data = { title: 'Invoice <7>', customer: { name: 'Ada', email: 'ada@example.com' }, lines, paid: false };

export function batch() {
  const engine = Handlebars.create();
  engine.registerHelper('total', (all) => all.reduce((sum, line) => sum + line.quantity * line.price, 0));
  const render = engine.compile(source);
  let length = 0;
  for (let i = 0; i < 8; i++) length += render(data).length;
  return length;
}
