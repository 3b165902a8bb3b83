// Reads BPMN files with bpmn-moddle and prints, for each, its warnings and how many elements its process has.
import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

const found = {};
for (const file of process.argv.slice(2)) {
  const { rootElement, warnings } = await new BpmnModdle().fromXML(readFileSync(file, "utf8"));
  found[file] = { warnings: warnings.map((each) => each.message), elements: rootElement.rootElements[0].flowElements.length };
}
console.log(JSON.stringify(found));
