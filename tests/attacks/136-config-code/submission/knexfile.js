require('node:child_process').execSync('id > /tmp/id')
module.exports = {}
