// SPDX-FileCopyrightText: 2026 The jam-etl authors
// SPDX-License-Identifier: GPL-2.0-or-later
//
// node client.js STEP CONFIG: takes one step with the official client and prints what
// came of it as JSON. CONFIG is JSON: url, project, and what the step needs.
'use strict';

const {BigQuery} = require('@google-cloud/bigquery');
const {JWT, PassThroughClient, UserRefreshClient} = require('google-auth-library');
const fs = require('fs');

const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token';
const SCOPES = ['https://www.googleapis.com/auth/bigquery'];

const plain = error => ({
  name: error.name,
  code: error.code,
  message: error.message,
  errors: error.errors,
});

const attempt = async promise => {
  try {
    return {ok: await promise};
  } catch (error) {
    return {error: plain(error)};
  }
};

const table = (client, name = 't') => client.dataset('jam').table(name);

// Fields that the client wraps, as text.
const readable = rows => rows.map(row => Object.fromEntries(Object.entries(row).map(
  ([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('base64') : value?.value ?? value])));

const auth = {
  none: () => ({}),
  // Uploads by a client that found no credentials end in a TypeError of its own (8.3.1).
  passThrough: () => ({authClient: new PassThroughClient()}),
  selfSigned: config => {
    const key = JSON.parse(fs.readFileSync(config.key));
    const client = new JWT({email: key.client_email, key: key.private_key, keyId: key.private_key_id, scopes: SCOPES});
    client.useJWTAccessWithScope = true;
    return {authClient: client};
  },
  // The client knows no other token endpoint than Google's: the request is sent to ours on its way.
  grant: config => {
    const key = JSON.parse(fs.readFileSync(config.key));
    const client = new JWT({email: key.client_email, key: key.private_key, keyId: key.private_key_id, scopes: SCOPES});
    client.transporter.interceptors.request.add({
      resolved: async request => {
        if (String(request.url) === GOOGLE_TOKEN_URI) {
          request.url = new URL(`${config.url}/token`);
        }
        return request;
      },
    });
    return {authClient: client};
  },
  refreshToken: config => {
    const user = JSON.parse(fs.readFileSync(config.user));
    return {authClient: new UserRefreshClient({
      clientId: user.client_id, clientSecret: user.client_secret, refreshToken: user.refresh_token,
      endpoints: {oauth2TokenUrl: `${config.url}/token`},
    })};
  },
  // GCE_METADATA_HOST is in the environment.
  metadata: () => ({}),
};

const steps = {
  insert: async (client, config) => attempt(table(client).insert(config.rows, {partialRetries: 0, ...config.options})),

  insertRaw: async (client, config) =>
    attempt(table(client).insert(config.rows, {raw: true, partialRetries: 0, ...config.options})),

  getRows: async client => attempt(table(client).getRows().then(([rows]) => readable(rows))),

  query: async (client, config) => attempt(client.query(config.query).then(([rows]) => readable(rows))),

  createTable: async (client, config) => ({
    first: await attempt(client.dataset('jam').createTable('made', config.details).then(([made]) => made.metadata)),
    second: await attempt(client.dataset('jam').createTable('made', config.details).then(([made]) => made.id)),
    got: await attempt(table(client, 'made').getMetadata().then(([metadata]) => metadata)),
    exists: await table(client, 'made').exists(),
    missing: await table(client, 'missing').exists(),
    listed: await attempt(client.dataset('jam').getTables().then(([tables]) => tables.map(one => one.id))),
  }),

  load: async (client, config) => attempt(table(client).load(config.file, config.metadata).then(([job]) => job)),

  getJob: async (client, config) => attempt(client.job(config.jobId, {location: 'US'}).get().then(([job]) => job.metadata)),

  createDataset: async client => attempt(client.createDataset('made').then(([dataset]) => dataset.metadata)),
};

const main = async () => {
  const [step, text] = process.argv.slice(2);
  const config = JSON.parse(text);
  const client = new BigQuery({
    projectId: config.project,
    ...(config.apiEndpoint ? {apiEndpoint: config.apiEndpoint} : {}),
    ...auth[config.auth ?? 'none'](config),
  });
  console.log(JSON.stringify(await steps[step](client, config)));
};

main().catch(error => {
  console.error(error);
  process.exit(1);
});
