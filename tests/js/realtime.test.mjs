// supabase-js, unmodified, against the gateway that UPSHOT_TEST_URL names. Run by tests/contract/realtime/test_client_js.py.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient } from '@supabase/supabase-js'

const { UPSHOT_TEST_URL: url, UPSHOT_TEST_KEY: key, UPSHOT_TEST_SECRET: secret } = process.env
const { UPSHOT_TEST_READER: reader, UPSHOT_TEST_WRITER: writer, UPSHOT_TEST_BANNED: banned } = process.env
const WAIT = 50_000
const clients = []

after(() => Promise.all(clients.map((client) => client.removeAllChannels())))

async function client(token) {
  const made = createClient(url, token === 'secret' ? secret : key, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  clients.push(made)
  if (token && token !== 'secret') await made.realtime.setAuth(token)
  return made
}

/** Collects what a callback is called with; `next()` waits for the first not yet taken. */
function heard() {
  const waiting = []
  const takers = []
  const listener = (value) => (takers.length ? takers.shift()(value) : waiting.push(value))
  listener.next = () =>
    waiting.length
      ? Promise.resolve(waiting.shift())
      : new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error('waited too long')), WAIT)
          takers.push((value) => (clearTimeout(timer), resolve(value)))
        })
  return listener
}

function subscribed(channel) {
  return new Promise((resolve, reject) =>
    channel.subscribe((status, error) => {
      if (status === 'SUBSCRIBED') resolve(channel)
      else reject(error ?? new Error(status))
    })
  )
}

const topic = () => `room:${crypto.randomUUID()}`
const rpc = async (name, args) => {
  const { error } = await (await client('secret')).rpc(name, args)
  assert.equal(error, null)
}

test('a broadcast from the database reaches a private channel', async () => {
  const name = topic()
  const messages = heard()
  const channel = (await client(reader)).channel(name, { config: { private: true } })
  await subscribed(channel.on('broadcast', { event: 'changed' }, messages))
  await rpc('tell', { topic: name, event: 'changed', payload: { kind: 'results' } })
  const message = await messages.next()
  assert.equal(message.payload.kind, 'results')
  assert.equal(message.meta.id, message.payload.id)
})

test('a channel without permission is refused with the reason', async () => {
  const name = topic()
  const channel = (await client()).channel(name, { config: { private: true } })
  await assert.rejects(subscribed(channel), (error) => {
    assert.match(error.message, /You do not have permissions to read from this Channel topic/)
    return true
  })
})

test('broadcast with acknowledgement, JSON and bytes, between two clients', async () => {
  const name = topic()
  const messages = heard()
  const sender = (await client(writer)).channel(name, { config: { private: true, broadcast: { ack: true } } })
  const receiver = (await client(reader)).channel(name, { config: { private: true } })
  await subscribed(sender)
  await subscribed(receiver.on('broadcast', { event: 'said' }, messages))
  assert.equal(await sender.send({ type: 'broadcast', event: 'said', payload: { text: 'grüße 😀' } }), 'ok')
  assert.deepEqual((await messages.next()).payload, { text: 'grüße 😀' })
  const bytes = new Uint8Array([0, 255, 1])
  assert.equal(await sender.send({ type: 'broadcast', event: 'said', payload: bytes.buffer }), 'ok')
  assert.deepEqual(new Uint8Array((await messages.next()).payload), bytes)
})

test('a broadcast that may not be written is an error when acknowledgement was asked for', async () => {
  const channel = (await client(reader)).channel(topic(), { config: { private: true, broadcast: { ack: true } } })
  await subscribed(channel)
  assert.equal(await channel.send({ type: 'broadcast', event: 'said', payload: {} }), 'error')
})

test('httpSend and the batch endpoint deliver', async () => {
  const name = topic()
  const messages = heard()
  const receiver = (await client(reader)).channel(name, { config: { private: true } })
  await subscribed(receiver.on('broadcast', { event: 'said' }, messages))
  const sender = (await client(writer)).channel(name, { config: { private: true } })
  assert.deepEqual(await sender.httpSend('said', { n: 1 }), { success: true })
  assert.deepEqual((await messages.next()).payload, { n: 1 })
  assert.deepEqual(await sender.httpSend('said', new Uint8Array([7])), { success: true })
  assert.deepEqual(new Uint8Array((await messages.next()).payload), new Uint8Array([7]))
  const denied = (await client(reader)).channel(name, { config: { private: true } })
  await assert.rejects(denied.httpSend('said', { n: 2 }), /Unauthorized/)
})

test('presence: track, state for the latecomer, leave', async () => {
  const name = topic()
  const joins = heard()
  const leaves = heard()
  const watcher = (await client()).channel(name, { config: { presence: { key: 'bob' } } })
  watcher.on('presence', { event: 'join' }, joins).on('presence', { event: 'leave' }, leaves)
  await subscribed(watcher)
  const guest = (await client()).channel(name, { config: { presence: { key: 'ann' } } })
  await subscribed(guest)
  assert.equal(await guest.track({ mood: 'good' }), 'ok')
  const joined = await joins.next()
  assert.equal(joined.key, 'ann')
  assert.equal(joined.newPresences[0].mood, 'good')
  assert.deepEqual(Object.keys(watcher.presenceState()), ['ann'])
  await guest.unsubscribe()
  assert.equal((await leaves.next()).key, 'ann')
})

test('database changes with a filter, row level security and chosen columns', async () => {
  const changes = heard()
  const told = heard()
  const made = await client(reader)
  const channel = made
    .channel('changes')
    .on('postgres_changes', { event: '*', schema: 'public', table: 'notes', filter: 'author=eq.ann' }, changes)
    .on('system', {}, told)
  await subscribed(channel)
  assert.equal((await told.next()).message, 'Subscribed to PostgreSQL')
  const admin = await client('secret')
  await admin.from('notes').insert([
    { id: 1, author: 'bob', text: 'not for this filter', visible: true },
    { id: 2, author: 'ann', text: 'not for these eyes', visible: false },
    { id: 3, author: 'ann', text: 'one', visible: true },
  ])
  const inserted = await changes.next()
  assert.equal(inserted.eventType, 'INSERT')
  assert.equal(inserted.new.text, 'one')
  await admin.from('notes').update({ text: 'uno' }).eq('id', 3)
  const updated = await changes.next()
  assert.deepEqual([updated.eventType, updated.new.text, updated.old], ['UPDATE', 'uno', { id: 3 }])
})

test('replayed messages come with the join', async () => {
  const name = topic()
  await rpc('tell', { topic: name, event: 'changed', payload: { n: 1 } })
  const messages = heard()
  const channel = (await client(reader)).channel(name, {
    config: { private: true, broadcast: { replay: { since: 0, limit: 5 } } },
  })
  await subscribed(channel.on('broadcast', { event: 'changed' }, messages))
  const message = await messages.next()
  assert.deepEqual([message.payload.n, message.meta.replayed], [1, true])
})

test('losing the right by a new token ends the channel', async () => {
  const told = heard()
  const made = await client(reader)
  const channel = made.channel(topic(), { config: { private: true } }).on('system', {}, told)
  await subscribed(channel)
  await made.realtime.setAuth(banned)
  assert.match((await told.next()).message, /You do not have permissions to read/)
})
