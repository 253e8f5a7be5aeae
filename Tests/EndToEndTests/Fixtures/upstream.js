// An upstream that says what it saw: one line a request on standard output, and the same as its answer.
//   node upstream.js   prints `listening PORT` first
const http = require("http");
http
  .createServer((request, response) => {
    let size = 0;
    request.on("data", (chunk) => (size += chunk.length));
    request.on("end", () => {
      const line = `${request.method} ${request.url} ${size}`;
      console.log(line);
      response.setHeader("content-type", "text/plain");
      response.end(line);
    });
  })
  .listen(0, "127.0.0.1", function () {
    console.log(`listening ${this.address().port}`);
  });
