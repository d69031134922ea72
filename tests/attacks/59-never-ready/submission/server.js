// The port is bound and never listened on; sockets of other kinds listen beside it.
import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { createServer } from 'node:http'

const port = Number(process.env.PORT)
dgram.createSocket('udp4').bind(port)
createServer(() => {}).listen('/tmp/socket')
createServer(() => {}).listen('\0socket')
createServer(() => {}).listen(port + 1)
const bound = `use Socket; socket my $s, AF_INET, SOCK_STREAM, 0; setsockopt $s, SOL_SOCKET, SO_REUSEADDR, 1; bind $s, sockaddr_in(${port}, INADDR_ANY) or die; $| = 1; print "waiting with the port taken\\n"; sleep 1 while 1`
spawn('/usr/bin/perl', ['-e', bound], { stdio: 'inherit' })
setTimeout(() => process.kill(process.ppid, 'SIGSTOP'), 2000)
