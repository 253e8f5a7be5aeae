/// The console's page: what `/console` of the admin listener answers. It loads nothing from elsewhere.
enum ConsolePage {
    /// Only the page's own files, and only from the admin listener.
    static let policy: StaticString = """
        default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    static let html: StaticString = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Sluice console</title>
        <link rel="stylesheet" href="/console/console.css">
        <script src="/console/console.js" defer></script>
        </head>
        <body>
        <header><h1>Sluice</h1><p id="summary" role="status">reading the state…</p></header>
        <main>
        <section aria-labelledby="ask-title">
        <h2 id="ask-title">Query</h2>
        <form id="ask">
        <label for="query">Operation</label>
        <textarea id="query" rows="14" spellcheck="false">{ __typename }</textarea>
        <label for="variables">Variables (JSON)</label>
        <textarea id="variables" rows="3" spellcheck="false">{}</textarea>
        <div class="row">
        <label>Profile <input id="profile" size="10" autocomplete="off"></label>
        <label>Operation name <input id="operation" size="12" autocomplete="off"></label>
        <label>Authorization <input id="authorization" size="16" type="password" autocomplete="off"></label>
        </div>
        <div class="row">
        <button type="submit">Run</button><button type="button" id="explain">Plan only</button>
        <span id="outcome" role="status"></span>
        </div>
        </form>
        <h3>Waterfall</h3><div id="waterfall" class="empty">Run an operation to see its calls.</div>
        <h3>Plan</h3><div id="plan" class="empty">The calls, in the order in which they depend on each other.</div>
        <h3>Answer</h3><pre id="answer" tabindex="0"></pre>
        </section>
        <section aria-labelledby="state-title">
        <h2 id="state-title">State</h2>
        <h3>Upstreams</h3>
        <table><thead><tr><th>Upstream</th><th>Target</th><th>State</th><th>In flight</th></tr></thead>
        <tbody id="upstreams"></tbody></table>
        <h3>Breakers</h3>
        <table><thead><tr><th>Breaker</th><th>State</th><th>Force</th></tr></thead><tbody id="breakers"></tbody></table>
        <h3>Guards</h3>
        <table><thead><tr><th>Of</th><th>In flight</th><th>Queued</th><th>Limit</th><th>Retries left</th></tr></thead>
        <tbody id="guards"></tbody></table>
        <h3>Cache</h3><p id="cache"></p>
        <h3>Configuration</h3>
        <p id="generation"></p><button type="button" id="reload">Reload</button><pre id="problems"></pre>
        </section>
        </main>
        </body>
        </html>
        """

    static let style: StaticString = """
        :root { color-scheme: light dark; --line: #8886; --good: #2a8a3e; --bad: #c3362b; --mid: #b57b00; --bar: #3b7dd8; }
        * { box-sizing: border-box; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 0; }
        header { display: flex; gap: 1.5rem; align-items: baseline; padding: .6rem 1.2rem;
          border-bottom: 1px solid var(--line); }
        h1 { font-size: 1.2rem; margin: 0; } h2 { font-size: 1.05rem; } h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; }
        main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 2rem; padding: 0 1.2rem 2rem; }
        @media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
        textarea, pre { width: 100%; font: 13px/1.4 ui-monospace, monospace; }
        pre { overflow: auto; max-height: 28rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        pre:not(:empty) { border: 1px solid var(--line); padding: .5rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line);
          overflow-wrap: anywhere; }
        .row { display: flex; flex-wrap: wrap; gap: .8rem; align-items: center; margin: .5rem 0; }
        .empty { opacity: .7; }
        .up, .closed { color: var(--good); } .down, .open, .failed { color: var(--bad); }
        .ejected, .half-open { color: var(--mid); }
        .lane { display: grid; grid-template-columns: 12rem 1fr 6rem; gap: .6rem; align-items: center; }
        .lane svg { width: 100%; height: 1.1rem; } rect { fill: var(--bar); } rect.plan { fill: var(--mid); }
        rect.failed { fill: var(--bad); }
        """
}
