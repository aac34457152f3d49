// Runs a Python file in Pyodide, the Python of browsers, with folders of this machine in its path.
// node run.mjs PYODIDE_FOLDER FILE.py FOLDER…
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [pyodide, file, ...folders] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(pyodide, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: resolve(pyodide) + "/", packages: [] });

const path = folders.map((folder, number) => {
  const place = `/mounted/${number}`;
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: resolve(folder) }, place);
  return place;
});
python.globals.set("path", python.toPy(path));
python.runPython("import sys; sys.path[:0] = path; sys.dont_write_bytecode = True");
python.runPython(readFileSync(join(file), "utf8"), { filename: file });
