// nlp.js, https://github.com/axa-group/nlp.js: speaks as benchmarks/rivals/speaking.py does.
"use strict";

const readline = require("node:readline");
const { createRequire } = require("node:module");

const WARM_UP = 20;
// Installed in a folder of its own, the first argument.
const { NlpManager } = createRequire(`${process.argv[2]}/`)("node-nlp");

// A person's keyboard tells the language; its own guess needs longer texts.
const languageOf = (text) => (/[\u0e00-\u0e7f]/.test(text) ? "th" : "en");

async function fit(examples) {
  const languages = [...new Set(examples.map(([text]) => languageOf(text)))];
  const manager = new NlpManager({ languages, autoSave: false, autoLoad: false, nlu: { log: false } });
  for (const [text, intent] of examples) manager.addDocument(languageOf(text), text, intent);
  await manager.train();
  return manager;
}

// The best class, also where its own threshold (0.5) makes it "None", which is no answer.
async function ask(manager, text) {
  const started = performance.now();
  const { intent, classifications } = await manager.process(languageOf(text), text);
  const best = classifications.find((found) => found.intent !== "None");
  const isKnown = classifications.length > 0 && classifications[0].intent !== "None";
  const score = best && isKnown ? best.score : 0;
  return [best ? best.intent : "", score, intent !== "None", performance.now() - started];
}

async function main() {
  const { version } = require(require.resolve("node-nlp/package.json", { paths: [process.argv[2]] }));
  let manager;
  console.log(JSON.stringify({ ready: { "node-nlp": version, node: process.versions.node } }));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const wish = JSON.parse(line);
    if (wish.fit) {
      const started = performance.now();
      manager = await fit(wish.fit);
      console.log(JSON.stringify({ s: (performance.now() - started) / 1000 }));
    } else {
      for (const text of wish.ask.slice(0, WARM_UP)) await ask(manager, text);
      const answers = [];
      for (const text of wish.ask) answers.push(await ask(manager, text));
      console.log(JSON.stringify({ answers }));
    }
  }
}

main();
