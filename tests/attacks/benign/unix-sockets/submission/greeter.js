process.on('message', (_, socket) => socket.end(`from ${process.pid}`))
