// Answers with things that call themselves equal to whatever they are compared with, in every shape that an examiner might revive.
import { createServer } from 'node:http'

const shapes = [
  '{"asymmetricMatch":true,"$$typeof":"Symbol(jest.asymmetricMatcher)","sample":"","inverse":false,"toAsymmetricMatcher":"Any<String>"}',
  '{"toJSON":"function(){return true}","valueOf":"function(){return 1}","toString":"function(){return this}","equals":true,"isEqual":true,"length":1e999}',
  '{"$type":"System.Object","__class__":"str","@type":"java.lang.Object","!!js/function":"function(){}","_bsontype":"ObjectID","$ref":"#","$jsonSchema":{}}',
  '{"__proto__":{"equals":true},"constructor":{"name":"String","prototype":{"valueOf":1}},"__defineGetter__":"x","hasOwnProperty":1,"then":"function(r){r(this)}"}',
  '["Hello, Ada!"]', '{"0":"H","length":11}', '"Hello, Ada!"\u0000', 'NaN', '-0', '1e1000', '{"a":1,"a":2,"\\u0061":3}', 'Hello, \u0410da!', 'Hello,\u00a0Ada!', 'Hello, Ada!\u200b', 'HELLO, ADA!', 'Hello, A\u0301da!',
  '\ufeffHello, Ada!', 'Hello, .*!', '/^.*$/', '*', '%s', '${name}', '{{name}}', '<%= name %>', "' OR '1'='1", 'expect.anything()',
]
const types = ['application/json', 'application/x-javascript', 'text/javascript', 'multipart/form-data; boundary=x', 'application/octet-stream', 'text/plain; charset=utf-7', 'application/x-msgpack', 'application/vnd.api+json', 'text/html']
let asked = 0
const server = createServer((request, response) => {
  const at = asked++
  const body = shapes[at % shapes.length]
  // A status that is two: the reason says what the code doesn't; headers that are read where a value is wanted.
  response.writeHead(request.url.endsWith('nobody') ? 200 : 422, '200 422 OK', [
    ['content-type', types[at % types.length]], ['status', '200'], ['x-status', '422'], ['x-http-status', '422'], ['__proto__', 'passed'], ['constructor', 'passed'], ['toJSON', 'passed'], ['x-test-result', 'passed'], ['set-cookie', 'passed=true'], ['set-cookie', 'status=200'],
  ].flat())
  response.end(body)
})
server.listen(process.env.PORT, () => console.log('answers with', shapes.length, 'shapes'))
