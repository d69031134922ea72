import { parentPort, threadId, workerData as counter } from 'node:worker_threads'

// Nobody begins before all are there.
if (Atomics.add(counter, 1, 1) < 15) Atomics.wait(counter, 1, counter[1], 1000)
Atomics.notify(counter, 1)
for (let turn = 0; turn < 10_000; turn++) Atomics.add(counter, 0, 1)
parentPort.postMessage(`thread ${threadId} is through`)
