import { createServer } from 'node:http'
import { Worker } from 'node:worker_threads'

const THREADS = 16

async function count() {
  const counter = new Int32Array(new SharedArrayBuffer(8))
  const workers = Array.from({ length: THREADS }, () => new Worker('./worker.js', { workerData: counter }))
  await Promise.all(
    workers.map(worker => new Promise((resolve, reject) => worker.once('error', reject).once('exit', resolve).once('message', text => console.log(text)))),
  )
  return Atomics.load(counter, 0)
}

createServer(async (request, response) => response.end((await count()) === THREADS * 10_000 ? 'done' : 'a wrong count')).listen(process.env.PORT)
