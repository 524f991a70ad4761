/** What is kept of an object of six properties, of ten shapes. Whether a getter of the program runs decides before the time does (H160). */
import { inspect, types } from 'node:util';
import { serialize } from 'node:v8';

const OBJECTS = 300;
const { isProxy } = types;
const { keys, getOwnPropertyDescriptor } = Object;
const lookupGetter = Function.prototype.call.bind(Object.prototype.__lookupGetter__);
const objects = Array.from({ length: 10 }, (_, shape) =>
  Object.fromEntries(Array.from({ length: 6 }, (_unused, i) => [`key${(shape * 3 + i) % 17}`, i % 2 === 0 ? i * shape : `text ${i}`])),
);
const refs = [];

const run = (keep) => () => {
  refs.length = 0;
  for (let i = 0; i < OBJECTS; i++) keep(objects[i % 10]);
  return refs.length;
};

export const title = 'objects';
export const operations = OBJECTS;
export const chosen = 'keys and descriptors';
export const batch = {
  'what it is: array or object': run((object) => {
    refs.push(Array.isArray(object) ? object.length : 0);
  }),
  'is it a proxy?': run((object) => {
    refs.push(isProxy(object));
  }),
  'keys and descriptors': run((object) => {
    for (const key of keys(object)) {
      const own = getOwnPropertyDescriptor(object, key);
      if (own.writable !== undefined) refs.push(key, own.value);
    }
  }),
  'keys and __lookupGetter__': run((object) => {
    for (const key of keys(object)) if (lookupGetter(object, key) === undefined) refs.push(key, object[key]);
  }),
  'keys and get (runs getters)': run((object) => {
    for (const key of keys(object)) refs.push(key, object[key]);
  }),
  'for in and get (runs getters)': run((object) => {
    for (const key in object) refs.push(key, object[key]);
  }),
  'spread (runs getters)': run((object) => {
    refs.push({ ...object });
  }),
  'JSON.stringify (runs getters, toJSON)': run((object) => {
    refs.push(JSON.stringify(object));
  }),
  'structuredClone (runs getters)': run((object) => {
    refs.push(structuredClone(object));
  }),
  'v8.serialize (runs getters)': run((object) => {
    refs.push(serialize(object));
  }),
  'util.inspect': run((object) => {
    refs.push(inspect(object, { depth: 0 }));
  }),
};
