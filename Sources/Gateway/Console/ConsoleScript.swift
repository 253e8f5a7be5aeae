extension ConsolePage {
    /// What moves the page. Everything that comes from elsewhere is put in as text, never as markup.
    static let script: StaticString = #"""
        "use strict";
        const at = id => document.getElementById(id);

        function element(name, text, kind) {
          const made = document.createElement(name);
          if (text !== undefined && text !== null) made.textContent = String(text);
          if (kind) made.className = kind;
          return made;
        }

        function row(cells) {
          const line = element("tr");
          for (const cell of cells) {
            const place = element("td");
            place.append(cell instanceof Node ? cell : element("span", cell));
            line.append(place);
          }
          return line;
        }

        // State

        async function refresh() {
          try {
            const response = await fetch("/state");
            show(await response.json());
          } catch (problem) {
            at("summary").textContent = "the gateway doesn't answer: " + problem.message;
          }
        }

        function show(state) {
          at("summary").textContent = `${state.phase} · version ${state.version} · up ${state.uptime} s · `
            + `${state.connections} connections · ${state.inFlight} requests in flight`;
          const upstreams = [];
          for (const [name, upstream] of Object.entries(state.upstreams)) {
            for (const target of upstream.targets) {
              upstreams.push(row([name, target.url, element("span", target.state, target.state), upstream.inFlight]));
            }
          }
          at("upstreams").replaceChildren(...upstreams);
          at("breakers").replaceChildren(...Object.entries(state.breakers).map(([name, breaker]) => {
            const buttons = element("span");
            for (const wanted of ["open", "closed", "auto"]) {
              const button = element("button", wanted);
              button.type = "button";
              button.addEventListener("click", () => force(name, wanted));
              buttons.append(button);
            }
            const text = breaker.state + (breaker.forced ? " (forced)" : "");
            return row([name, element("span", text, breaker.state), buttons]);
          }));
          at("guards").replaceChildren(...state.guards.map(guard => row([
            guard.route ?? guard.upstream, guard.inFlight, guard.queued, guard.limit, guard.retriesLeft])));
          const cache = state.cache;
          const results = Object.entries(cache.results).filter(([, calls]) => calls > 0)
            .map(([name, calls]) => `${name} ${calls}`).join(", ");
          at("cache").textContent = `${cache.entries} entries, ${cache.bytes} of ${cache.capacity} bytes`
            + (results ? `; ${results}` : "");
          const last = state.lastReload;
          at("generation").textContent = `generation ${state.generation}`
            + (last ? `; last reload ${last.time}: ${last.result}` : "");
          if (last?.problems) at("problems").textContent = last.problems;
        }

        async function force(name, state) {
          await fetch(`/breakers/${encodeURIComponent(name)}?state=${state}`, { method: "POST" });
          refresh();
        }

        at("reload").addEventListener("click", async () => {
          const response = await fetch("/reload", { method: "POST" });
          at("problems").textContent = response.ok ? "" : await response.text();
          refresh();
        });

        // Operations

        function asked() {
          const request = { query: at("query").value };
          const variables = at("variables").value.trim();
          if (variables) request.variables = JSON.parse(variables);
          if (at("operation").value) request.operationName = at("operation").value;
          return JSON.stringify(request);
        }

        async function ask(path) {
          const profile = at("profile").value;
          const headers = { "content-type": "application/json" };
          if (at("authorization").value) headers.authorization = at("authorization").value;
          const query = profile ? `?profile=${encodeURIComponent(profile)}` : "";
          const response = await fetch(path + query, { method: "POST", headers, body: asked() });
          const text = await response.text();
          let value = null;
          try { value = JSON.parse(text); } catch { }
          return { ok: response.ok, status: response.headers.get("x-sluice-status") ?? response.status, text, value };
        }

        async function plan() {
          const answer = await ask("/console/explain");
          if (!answer.ok) {
            at("plan").replaceChildren(element("pre", answer.value?.detail ?? answer.text));
            return;
          }
          const calls = answer.value.calls.map(call => row([
            call.id, call.waitsFor ?? "–", call.path.join("."), call.request + (call.batch ? " (batch)" : ""),
            call.tries, call.breaker ?? "–"]));
          const table = element("table");
          table.append(row(["Call", "Waits for", "Path", "Request", "Tries", "Breaker"]), ...calls);
          const worst = answer.value.worstCase;
          at("plan").replaceChildren(table, element("p",
            `cost ${answer.value.cost}; at worst ${worst.calls ?? "any number of"} calls, ${worst.milliseconds ?? "?"} ms`));
        }

        function lane(name, start, end, total, kind, note) {
          const space = "http://www.w3.org/2000/svg";
          const drawing = document.createElementNS(space, "svg");
          drawing.setAttribute("viewBox", "0 0 1000 20");
          drawing.setAttribute("preserveAspectRatio", "none");
          const bar = document.createElementNS(space, "rect");
          bar.setAttribute("x", 1000 * start / total);
          bar.setAttribute("width", Math.max(3, 1000 * (end - start) / total));
          bar.setAttribute("y", 3);
          bar.setAttribute("height", 14);
          if (kind) bar.setAttribute("class", kind);
          drawing.append(bar);
          const line = element("div", null, "lane");
          line.append(element("span", name), drawing, element("span", note));
          return line;
        }

        function draw(timing) {
          const total = Math.max(timing.elapsed, 0.001);
          const lanes = [];
          if (timing.plan) {
            const { start, end } = timing.plan;
            lanes.push(lane("plan", start, end, total, "plan", `${(end - start).toFixed(2)} ms`));
          }
          for (const call of timing.calls) {
            const failed = call.status === null || call.status >= 500;
            const note = `${(call.end - call.start).toFixed(2)} ms` + (call.cache ? ` ${call.cache}` : "")
              + (call.attempts > 1 ? ` ×${call.attempts}` : "");
            lanes.push(lane(call.route ?? call.upstream, call.start, call.end, total, failed ? "failed" : "", note));
          }
          lanes.push(element("p", `${timing.elapsed} ms in all`));
          at("waterfall").replaceChildren(...lanes);
        }

        async function attempt(work) {
          at("outcome").textContent = "";
          try { await work(); } catch (problem) { at("outcome").textContent = problem.message; }
        }

        at("ask").addEventListener("submit", event => {
          event.preventDefault();
          attempt(async () => {
            const answer = await ask("/console/query");
            at("outcome").textContent = `status ${answer.status}`;
            at("answer").textContent = answer.value ? JSON.stringify(answer.value, null, 2) : answer.text;
            if (answer.value?.extensions?.timing) draw(answer.value.extensions.timing);
            await plan();
          });
        });
        at("explain").addEventListener("click", () => attempt(plan));

        refresh();
        setInterval(refresh, 2000);
        """#
}
