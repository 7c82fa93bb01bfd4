// y = x + x over 16 floats, as test/models/small-models.ts builds it.
export const addModelBytes = Buffer.from(
  'CAgSCmluZmVyLXRlc3Q6PQoSCgF4CgF4EgF5GgAiA0FkZDoAEgVncmFwaFoPCgF4EgoKCAgBEgQKAggQYg8KAXkSCgoICAESBAoCCBBCBAoAEBE=',
  'base64',
);
