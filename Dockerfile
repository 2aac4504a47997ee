# syntax=docker/dockerfile:1
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install script is needed to build: the Node.js of this image does what the package "node" is for elsewhere.
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:${NODE_VERSION}-bookworm-slim
LABEL org.opencontainers.image.title="Outrider" \
      org.opencontainers.image.description="GraphQL server and operations dashboard for an outreach pipeline" \
      org.opencontainers.image.licenses="MIT"
WORKDIR /app
# Owned by root and written by nobody: the program is bundled, so there is no node_modules.
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/dist dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 DRAIN_SECONDS=5
EXPOSE 4000
USER 1000:1000
STOPSIGNAL SIGTERM
# For `serve`; a worker listens nowhere, and is started with --no-healthcheck.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/index.js"]
CMD ["serve"]
