// The Hub's own JavaScript client against the stand-in: prints what it gives
// as one JSON object. node client.mjs <url> <repository> <dataset> <space>
import * as hub from "@huggingface/hub";

const [hubUrl, name, dataset, space] = process.argv.slice(2);
const all = async (generator, pick = (x) => x) => {
	const found = [];
	for await (const item of generator) {
		found.push(pick(item));
	}
	return found;
};
const repo = { type: "model", name };
const result = {
	models: await all(hub.listModels({ hubUrl, additionalFields: ["tags", "author"] })),
	owned: await all(hub.listModels({ hubUrl, search: { owner: name.split("/")[0] } }), (m) => m.name),
	tagged: await all(hub.listModels({ hubUrl, search: { tags: ["safetensors"] } }), (m) => m.name),
	datasets: await all(hub.listDatasets({ hubUrl })),
	spaces: await all(hub.listSpaces({ hubUrl })),
	collections: await all(hub.listCollections({ hubUrl }), (c) => [c.slug, c.items.length]),
	modelInfo: await hub.modelInfo({ hubUrl, name }),
	datasetInfo: await hub.datasetInfo({ hubUrl, name: dataset }),
	spaceInfo: await hub.spaceInfo({ hubUrl, name: space }),
	files: await all(hub.listFiles({ hubUrl, repo, recursive: true })),
	top: await all(hub.listFiles({ hubUrl, repo, recursive: false }), (f) => f.path),
	expanded: await all(hub.listFiles({ hubUrl, repo, recursive: true, expand: true }), (f) => f.lastCommit.id),
	commits: await all(hub.listCommits({ hubUrl, repo, batchSize: 20 })),
	commitCount: await hub.countCommits({ hubUrl, repo }),
	paths: await hub.pathsInfo({ hubUrl, repo, paths: ["README.md", "no/such"] }),
	exists: [await hub.repoExists({ hubUrl, repo }), await hub.repoExists({ hubUrl, repo: { type: "model", name: "no/such" } })],
};
process.stdout.write(JSON.stringify(result));
