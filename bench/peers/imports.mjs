// What a server on the same libraries needs before it does anything.
import 'reflect-metadata';
import '@apollo/server';
import 'type-graphql';

console.log('ready');
setInterval(() => {}, 60_000);
