# The image of docker-compose.yml: Comanda on outside components, so the embedded ones are there but idle.
FROM node:20.20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.base.json tsconfig.json ./
COPY esdb-node/package.json esdb-node/tsconfig.json esdb-node/
COPY bench/emmett/package.json bench/emmett/
RUN npm ci --ignore-scripts
COPY src src
COPY esdb-node/src esdb-node/src
RUN npx tsc -b && npm prune --omit=dev --ignore-scripts

FROM node:20.20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/esdb-node esdb-node
COPY --from=build /app/dist dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080 8081
CMD ["node", "--enable-source-maps", "dist/main/comanda.js", "start"]
