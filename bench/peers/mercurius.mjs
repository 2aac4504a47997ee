// Fastify, Mercurius with its JIT and its loaders, and SQL written by hand.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { prospectsOf, resolvers, socialProfilesOf, typeDefs } from './pipeline.mjs';

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  loaders: {
    Prospect: { socialProfiles: { loader: (queries) => socialProfilesOf(queries.map(({ obj }) => obj)), opts: { cache: false } } },
    Draft: { prospect: { loader: (queries) => prospectsOf(queries.map(({ obj }) => obj)), opts: { cache: false } } },
  },
  jit: 1,
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
