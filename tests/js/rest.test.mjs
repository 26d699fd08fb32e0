// supabase-js, unmodified, against the gateway that UPSHOT_TEST_URL names. Run by tests/contract/rest/test_supabase_js.py.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '@supabase/supabase-js'

const { UPSHOT_TEST_URL: url, UPSHOT_TEST_KEY: key } = process.env
const client = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } })

async function data(query) {
  const answer = await query
  assert.equal(answer.error, null)
  return answer.data
}

test('reads with filters, embeddings, modifiers and a count', async () => {
  const { data: rows, count, error } = await client
    .from('books')
    .select('id, title, writer:authors!author_id(name), genres(name), isbns!inner(code)', { count: 'exact' })
    .in('id', [1, 2, 3])
    .order('id', { ascending: false })
    .order('name', { referencedTable: 'genres' })
    .limit(1)
  assert.equal(error, null)
  assert.equal(count, 2)
  assert.deepEqual(rows, [
    {
      id: 2,
      title: 'The Dispossessed',
      writer: { name: 'Ursula K. Le Guin' },
      genres: [{ name: 'science fiction' }],
      isbns: { code: '978-0-06-051275-5' },
    },
  ])
})

test('operators', async () => {
  const ids = async (query) => (await data(query.order('id'))).map((row) => row.id)
  const books = () => client.from('books').select('id').lt('id', 100)
  assert.deepEqual(await ids(books().contains('tags', ['sea'])), [1, 3])
  assert.deepEqual(await ids(books().containedBy('tags', ['utopia'])), [2, 4])
  assert.deepEqual(await ids(books().overlaps('tags', ['utopia', 'cities'])), [2, 3])
  assert.deepEqual(await ids(books().rangeLt('loans', '[6,9)')), [1])
  assert.deepEqual(await ids(books().textSearch('title', 'wizard', { type: 'websearch', config: 'english' })), [1])
  assert.deepEqual(await ids(books().likeAnyOf('title', ['A%', 'Il%'])), [1, 4])
  assert.deepEqual(await ids(books().or('id.eq.1,and(id.gt.1,pages.gt.300)')), [1, 2])
  assert.deepEqual(await ids(books().not('editor_id', 'is', null)), [2, 4])
  assert.deepEqual(await ids(books().match({ binding: 'hardcover', publisher_id: 1 })), [1])
  assert.deepEqual(await ids(books().in('title', ['The Dispossessed', 'with, comma'])), [2])
})

test('single, maybeSingle, csv, head', async () => {
  assert.deepEqual(await data(client.from('genres').select('name').eq('id', 1).single()), { name: 'fantasy' })
  assert.equal(await data(client.from('genres').select().eq('id', -1).maybeSingle()), null)
  assert.equal(await data(client.from('genres').select().eq('id', 1).csv()), 'id,name\n1,fantasy')
  const several = await client.from('genres').select().single()
  assert.equal(several.error.code, 'PGRST116')
  const head = await client.from('authors').select('*', { count: 'exact', head: true })
  assert.equal(head.count, 3)
})

test('a row from insert to delete', async () => {
  assert.equal((await client.from('genres').insert({ id: 6001, name: 'js' })).status, 201)
  assert.deepEqual(await data(client.from('genres').upsert({ id: 6001, name: 'ts' }).select()), [
    { id: 6001, name: 'ts' },
  ])
  assert.deepEqual(
    await data(client.from('genres').upsert({ id: 6001, name: 'no' }, { ignoreDuplicates: true }).select()),
    [],
  )
  const bulk = client.from('notes').insert([{ body: 'x', stars: 1 }, { body: 'y' }], { defaultToNull: false })
  assert.deepEqual(await data(bulk.select('stars')), [{ stars: 1 }, { stars: 3 }])
  const changed = client.from('genres').update({ name: 'changed' }).eq('id', 6001).select('name').single()
  assert.deepEqual(await data(changed), { name: 'changed' })
  const limited = await client.from('notes').delete().in('body', ['x', 'y']).maxAffected(1)
  assert.equal(limited.error.code, 'PGRST124')
  const { count } = await client.from('notes').delete({ count: 'exact' }).in('body', ['x', 'y'])
  assert.equal(count, 2)
  assert.equal((await client.from('genres').delete().eq('id', 6001)).status, 204)
})

test('functions', async () => {
  assert.equal(await data(client.rpc('add', { a: 2, b: 3 })), 5)
  assert.equal(await data(client.rpc('add', { a: 2 }, { get: true })), 12)
  assert.deepEqual(await data(client.rpc('books_by', { writer: 1 }).select('id').order('id').limit(1)), [{ id: 1 }])
  const failed = await client.rpc('complain', { code: 'P0001', message: 'no' })
  assert.deepEqual(
    { status: failed.status, code: failed.error.code, message: failed.error.message, hint: failed.error.hint },
    { status: 400, code: 'P0001', message: 'no', hint: 'the hint' },
  )
  assert.equal((await client.rpc('nothing')).status, 204)
})

test('errors carry what PostgREST says', async () => {
  const ambiguous = await client.from('books').select('authors(name)')
  assert.equal(ambiguous.status, 300)
  assert.equal(ambiguous.error.code, 'PGRST201')
  const { error } = await client.schema('nowhere').from('books').select()
  assert.equal(error.code, 'PGRST106')
})
